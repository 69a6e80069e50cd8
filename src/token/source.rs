//! Where a key ring comes from: a file, an environment variable, a file descriptor, a command.
//!
//! A source that fails is an error. There is no clear text, no unkeyed hash and no random key in
//! its place.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::date::Moment;
use super::ring::KeyRing;
use super::ring_file;
use super::ring_text::MAX_RING_BYTES;
use crate::error::Error;

/// Where the ring is. Paths, names and commands are shown, secrets are not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file that only its owner may read and write; group read is accepted when the owner is
    /// root (mounted secrets).
    File(PathBuf),
    /// The name of an environment variable that holds the ring's text.
    Environment(String),
    /// An open file descriptor, such as 3 of `3<ring`.
    Descriptor(u32),
    /// A program and its arguments that prints the ring, such as `age -d -i identity ring.age`.
    Command(Vec<String>),
}

impl KeySource {
    /// Reads and checks the ring, and moves a ring with epochs on to the epoch of `now`.
    ///
    /// # Errors
    /// The ring is missing, unreadable, open to others, broken or weak, or it has epochs, is behind
    /// them, and can't be written (`is_key`, `is_io`). Messages never hold what was read.
    pub fn load(&self, now: Moment) -> Result<KeyRing, Error> {
        let mut ring = self.read()?;
        if ring.epochs().is_none() {
            return Ok(ring);
        }
        if ring.clone().advance(now)? {
            // Old secrets must leave the place they are kept in, not only this process.
            let KeySource::File(path) = self else {
                return Err(Error::key(
                    "the ring holds secrets of past epochs and its source can't be written; give out only the \
                     current epoch (`logveil key advance`), or use a ring file",
                ));
            };
            ring = ring_file::update(path, |ring| ring.advance(now).map(drop))?.1;
        }
        Ok(ring)
    }

    /// Reads and checks the ring as it is.
    ///
    /// # Errors
    /// As [`KeySource::load`].
    pub fn read(&self) -> Result<KeyRing, Error> {
        match self {
            KeySource::File(path) => ring_file::read(path),
            KeySource::Environment(name) => environment(name),
            KeySource::Descriptor(number) => descriptor(*number),
            KeySource::Command(arguments) => command(arguments),
        }
    }

    /// The path, if the source is a file.
    pub fn path(&self) -> Option<&Path> {
        if let KeySource::File(path) = self { Some(path) } else { None }
    }
}

/// All of a reader, at most as much as the longest ring, in memory that is wiped.
pub(crate) fn read_bounded(reader: impl Read, what: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut text = Zeroizing::new(Vec::with_capacity(64 << 10));
    let limit = MAX_RING_BYTES as u64 + 1;
    reader.take(limit).read_to_end(&mut text).map_err(|e| Error::io(format!("reading {what}"), e))?;
    if text.len() > MAX_RING_BYTES {
        return Err(Error::key(format!("{what} is longer than any key ring")));
    }
    Ok(text)
}

fn environment(name: &str) -> Result<KeyRing, Error> {
    let value = std::env::var(name).map(Zeroizing::new);
    let value = value
        .map_err(|_| Error::key(format!("the environment variable {name} for the key ring is not set")))?;
    KeyRing::parse(value.as_bytes())
}

fn descriptor(number: u32) -> Result<KeyRing, Error> {
    let what = format!("file descriptor {number}");
    let file =
        File::open(format!("/dev/fd/{number}")).map_err(|e| Error::io(format!("opening {what}"), e))?;
    KeyRing::parse(&read_bounded(file, &what)?)
}

fn command(arguments: &[String]) -> Result<KeyRing, Error> {
    let Some((program, rest)) = arguments.split_first() else {
        return Err(Error::key("the key command is empty; name a program and its arguments"));
    };
    let what = format!("the key command {program}");
    let failed = |e| Error::io(format!("starting {what}"), e);
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let output = child.stdout.take();
    let text = output.map_or_else(|| Ok(Zeroizing::default()), |output| read_bounded(output, &what));
    if text.is_err() {
        // What is printed beyond the limit is nobody's to read; the reason is told, not the kill's.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|e| Error::io(format!("waiting for {what}"), e))?;
    let text = text?;
    if !status.success() {
        return Err(Error::key(format!("{what} failed ({status}); no key ring, no run")));
    }
    KeyRing::parse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenizer_tests::fixed_ring;

    fn shell(script: &str) -> KeySource {
        KeySource::Command(["sh", "-c", script].map(str::to_owned).to_vec())
    }

    #[test]
    fn a_command_hands_out_a_ring_or_stops_the_run() {
        let ring = fixed_ring(1);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), ring.to_text().as_bytes()).unwrap();
        let path = file.path().display();
        assert_eq!(shell(&format!("cat {path}")).load(Moment(0)).unwrap(), ring);
        for bad in
            [format!("cat {path}; exit 3"), "true".into(), "echo x".into(), "yes x".into(), "false".into()]
        {
            let error = shell(&bad).load(Moment(0)).expect_err(&bad);
            assert!(error.is_key(), "{error}");
        }
        let absent = KeySource::Command(vec!["/nowhere/at-all".into()]);
        assert!(absent.load(Moment(0)).unwrap_err().is_io());
        assert!(KeySource::Command(vec![]).load(Moment(0)).unwrap_err().is_key());
    }

    #[test]
    fn absent_sources_are_errors() {
        let unset = KeySource::Environment("LOGVEIL_TEST_NO_SUCH_VARIABLE".into());
        assert!(unset.load(Moment(0)).unwrap_err().is_key());
        // PATH is set everywhere and is no ring; its value must not be told.
        let error = KeySource::Environment("PATH".into()).load(Moment(0)).unwrap_err();
        assert!(error.is_key() && !error.to_string().contains("bin"), "{error}");
        assert!(KeySource::Descriptor(99_999).load(Moment(0)).unwrap_err().is_io());
        assert!(KeySource::File("/nowhere/ring".into()).load(Moment(0)).unwrap_err().is_io());
    }

    #[test]
    fn past_epochs_need_a_source_that_can_be_written() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut ring = fixed_ring(1);
        ring.start_epochs(86_400, Moment(0), [0; 8]).unwrap();
        std::fs::write(file.path(), ring.to_text().as_bytes()).unwrap();
        let piped = shell(&format!("cat {}", file.path().display()));
        assert!(piped.load(Moment(86_399)).is_ok());
        let error = piped.load(Moment(86_400)).unwrap_err();
        assert!(error.is_key() && error.to_string().contains("past epochs"), "{error}");
        let moved = KeySource::File(file.path().into()).load(Moment(3 * 86_400)).unwrap();
        assert_eq!(moved.primary().unwrap().epoch(), Some(3));
        assert_eq!(ring_file::read(file.path()).unwrap(), moved, "the file has moved on too");
        assert!(piped.load(Moment(3 * 86_400)).is_ok());
    }
}
