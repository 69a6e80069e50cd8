//! Reading, creating and replacing ring files: private modes, one writer at a time, old bytes
//! overwritten.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::ring::KeyRing;
use super::source::read_bounded;
use crate::error::Error;

/// Reads and checks a ring file.
pub(crate) fn read(path: &Path) -> Result<KeyRing, Error> {
    read_open(&open(path, false)?, path)
}

/// Whom a file of keys must be kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Others may neither read nor write it.
    Secret,
    /// Others may read it, but not put another key in its place.
    Public,
}

/// The text of a file that holds keys; `what` names it in messages.
pub(crate) fn read_text(path: &Path, what: &str, care: Care) -> Result<Zeroizing<Vec<u8>>, Error> {
    let what = format!("{what} {}", path.display());
    let file = File::open(path).map_err(|e| Error::io(format!("opening {what}"), e))?;
    refuse_loose(&file, &what, care)?;
    read_bounded(&file, &what)
}

/// Creates a ring file; one that exists stays and is an error.
///
/// # Errors
/// The file exists or can't be written.
pub fn create(path: &Path, ring: &KeyRing) -> Result<(), Error> {
    ring.check()?;
    create_text(path, ring.to_text().as_bytes(), Care::Secret)
}

/// Creates a file of keys; one that exists stays and is an error.
pub(crate) fn create_text(path: &Path, text: &[u8], care: Care) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    mode(&mut options, if care == Care::Secret { 0o600 } else { 0o644 });
    let mut file = options.open(path).map_err(|e| {
        let exists = e.kind() == std::io::ErrorKind::AlreadyExists;
        let hint = if exists { " (keys are never overwritten: their tokens would be lost)" } else { "" };
        Error::io(format!("creating {}{hint}", path.display()), e)
    })?;
    let written = file.write_all(text).and_then(|()| file.sync_all());
    written.map_err(|e| Error::io(format!("writing {}", path.display()), e))?;
    sync_folder(path);
    Ok(())
}

/// Changes a ring file: all or nothing, with a lock, and the old file's bytes overwritten.
///
/// Answers what `change` gave and the ring that is now stored.
///
/// # Errors
/// What reading gives, what `change` gives, or the new file can't be written; the old one stays.
pub fn update<T>(
    path: &Path,
    change: impl FnOnce(&mut KeyRing) -> Result<T, Error>,
) -> Result<(T, KeyRing), Error> {
    let told = |what: &str, e| Error::io(format!("{what} {}", path.display()), e);
    // A link stays a link; what it names is replaced.
    let path = &std::fs::canonicalize(path).map_err(|e| told("opening", e))?;
    let mut old = locked(path)?;
    let before = read_open(&old, path)?;
    let mut ring = before.clone();
    let answer = change(&mut ring)?;
    ring.check()?;
    if ring == before {
        return Ok((answer, ring));
    }
    replace(&old, path, &ring.to_text())?;
    // The name is the new file's; the old bytes have no name any more and are overwritten. Media
    // that copy on write keep them all the same, which the help of `key destroy` says.
    overwrite(&mut old).map_err(|e| told("overwriting the old bytes of", e))?;
    Ok((answer, ring))
}

/// Changes a private text file, or makes it: all or nothing, with a lock. `change` gets the old text,
/// if there is one, and gives an answer and the new text.
///
/// # Errors
/// What reading gives, what `change` gives, or the new file can't be written; the old one stays.
pub(crate) fn update_text<T>(
    path: &Path,
    what: &str,
    change: impl FnOnce(Option<&[u8]>) -> Result<(T, String), Error>,
) -> Result<T, Error> {
    let told = |what: &str, e| Error::io(format!("{what} {}", path.display()), e);
    if !path.exists() {
        let (answer, text) = change(None)?;
        return create_text(path, text.as_bytes(), Care::Secret).map(|()| answer);
    }
    let path = &std::fs::canonicalize(path).map_err(|e| told("opening", e))?;
    let old = locked(path)?;
    let what = format!("{what} {}", path.display());
    refuse_loose(&old, &what, Care::Secret)?;
    let (answer, text) = change(Some(&read_bounded(&old, &what)?))?;
    replace(&old, path, &text)?;
    Ok(answer)
}

/// Puts a new file with the text in the place of an old one that is locked.
fn replace(old: &File, path: &Path, text: &str) -> Result<(), Error> {
    let fresh = beside(path);
    // One left by a run that was killed; the lock says that nobody writes it now.
    let _ = std::fs::remove_file(&fresh);
    create_text(&fresh, text.as_bytes(), Care::Secret)?;
    let swap = keep_mode(old, &fresh).and_then(|()| std::fs::rename(&fresh, path));
    if let Err(error) = swap {
        let _ = std::fs::remove_file(&fresh);
        return Err(Error::io(format!("replacing {}", path.display()), error));
    }
    sync_folder(path);
    Ok(())
}

fn read_open(file: &File, path: &Path) -> Result<KeyRing, Error> {
    let what = format!("key ring {}", path.display());
    refuse_loose(file, &what, Care::Secret)?;
    let text = read_bounded(file, &what)?;
    KeyRing::parse(&text).map_err(|e| Error::key(format!("{}: {e}", path.display())))
}

fn open(path: &Path, write: bool) -> Result<File, Error> {
    let opened = OpenOptions::new().read(true).write(write).open(path);
    opened.map_err(|error| {
        let name = path.display();
        let next = match error.kind() {
            std::io::ErrorKind::NotFound => format!(" (`logveil key new -o {name}` makes one)"),
            _ => String::new(),
        };
        Error::io(format!("opening key ring {name}{next}"), error)
    })
}

/// The file under its lock, still the one that the path names.
fn locked(path: &Path) -> Result<File, Error> {
    let told = |e| Error::io(format!("locking {}", path.display()), e);
    for _ in 0..100 {
        let file = open(path, true)?;
        file.lock().map_err(told)?;
        if same_file(&file, path) {
            return Ok(file);
        }
    }
    Err(Error::key(format!("{} is replaced again and again; who writes it?", path.display())))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn overwrite(file: &mut File) -> std::io::Result<()> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), length), file)?;
    file.sync_all()
}

/// The rename counts only once the folder is stored; where folders can't be synced, it is as it is.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(unix)]
fn mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}
#[cfg(not(unix))]
fn mode(_options: &mut OpenOptions, _mode: u32) {}

#[cfg(unix)]
fn keep_mode(old: &File, fresh: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(fresh, old.metadata()?.permissions())
}
#[cfg(not(unix))]
fn keep_mode(_old: &File, _fresh: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(a), Ok(b)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}
#[cfg(not(unix))]
fn same_file(_file: &File, _path: &Path) -> bool {
    true
}

/// Refuses keys that anybody but their owner may read or write; public ones may be read.
#[cfg(unix)]
fn refuse_loose(file: &File, what: &str, care: Care) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    let meta = file.metadata().map_err(|e| Error::io(what, e))?;
    let (counts, mend) = match care {
        Care::Secret => (meta.mode(), "chmod 600"),
        Care::Public => (meta.mode() & !0o044, "chmod go-w"),
    };
    match looseness(counts, meta.uid()) {
        Some(why) => Err(Error::key(format!("{what} {why}; `{mend}` mends that"))),
        None if meta.is_file() => Ok(()),
        None => Err(Error::key(format!("{what} is no regular file"))),
    }
}
#[cfg(not(unix))]
fn refuse_loose(_file: &File, _what: &str, _care: Care) -> Result<(), Error> {
    Ok(())
}

/// Why a mode is too open. Group read is accepted when root owns the file: mounted secrets.
#[cfg(unix)]
fn looseness(mode: u32, owner: u32) -> Option<&'static str> {
    if mode & 0o006 != 0 {
        Some("may be read or written by everybody")
    } else if mode & 0o020 != 0 {
        Some("may be written by its group")
    } else if mode & 0o040 != 0 && owner != 0 {
        Some("may be read by its group")
    } else {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::token::date::Moment;
    use crate::token::ring::KeyStatus;
    use crate::token::tokenizer_tests::fixed_ring;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn modes() {
        for (mode, owner, loose) in [
            (0o100_600, 1000, false),
            (0o100_400, 1000, false),
            (0o100_640, 0, false),
            (0o100_440, 0, false),
            (0o100_640, 1000, true),
            (0o100_660, 0, true),
            (0o100_604, 0, true),
            (0o100_602, 0, true),
            (0o100_644, 1000, true),
        ] {
            assert_eq!(looseness(mode, owner).is_some(), loose, "{mode:o} of {owner}");
        }
    }

    #[test]
    fn creates_privately_once_and_refuses_loose_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring");
        create(&path, &fixed_ring(1)).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let error = create(&path, &fixed_ring(2)).unwrap_err();
        assert!(error.is_io() && error.to_string().contains("never overwritten"), "{error}");
        assert_eq!(read(&path).unwrap(), fixed_ring(1));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(read(&path).unwrap_err().is_key());
        assert!(update(&path, |_| Ok(())).unwrap_err().is_key());
        assert!(read(folder.path()).is_err());
    }

    #[test]
    fn updates_keep_the_mode_and_wipe_the_old_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring");
        create(&path, &fixed_ring(1)).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut old = File::open(&path).unwrap();
        let (kid, stored) = update(&link, |ring| ring.add_random(KeyStatus::Primary, Moment(5))).unwrap();
        assert_eq!(stored.primary().unwrap().kid(), kid);
        assert_eq!(read(&path).unwrap(), stored);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut old, &mut bytes).unwrap();
        assert!(!bytes.is_empty() && bytes.iter().all(|b| *b == 0), "the old secret is gone");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left lying about");
    }

    #[test]
    fn a_refused_change_leaves_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring");
        create(&path, &fixed_ring(1)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let kid = fixed_ring(1).primary().unwrap().kid();
        assert!(update(&path, |ring| ring.destroy(kid, Moment(9))).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn writers_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring");
        create(&path, &fixed_ring(1)).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        update(&path, |ring| ring.add_random(KeyStatus::Active, Moment(1))).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(&path).unwrap().keys().len(), 21);
    }
}
