//! Stored logs, file by file and line by line: for the subcommands that look into what is held.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;

use walkdir::WalkDir;

use super::lines::{LineReader, Taken};
use super::options::Place;
use crate::error::Error;
use crate::parallel::{Settings, Source};
use crate::source::{Input, Stop};
use crate::stream::Summary;

/// The files that were named and those in the directories that were named, by name; none means
/// standard input. Links inside directories are not followed: what they name is stored elsewhere.
///
/// # Errors
/// A directory can't be read.
pub(super) fn places(files: &[PathBuf]) -> Result<Vec<Place>, Error> {
    let mut places = Vec::new();
    for place in Place::all(files) {
        match &place {
            Place::File(path) if path.is_dir() => {
                for entry in WalkDir::new(path).sort_by_file_name() {
                    let entry = entry.map_err(|e| {
                        let at = e.path().map_or_else(String::new, |path| path.display().to_string());
                        Error::io(format!("can't look into {at}"), e.into())
                    })?;
                    if entry.file_type().is_file() {
                        places.push(Place::File(entry.into_path()));
                    }
                }
            }
            _ => places.push(place),
        }
    }
    Ok(places)
}

/// Opens a place, gzip and zstd as what they hold.
pub(super) fn open(place: &Place, stop: &Arc<Stop>) -> io::Result<Input> {
    match place {
        Place::Stdin => Input::stdin(true, Arc::clone(stop)),
        Place::File(path) => Input::open(path, true, Arc::clone(stop)),
    }
}

/// A place to read lines from or whole, decompressed.
///
/// # Errors
/// Those of opening it.
pub(super) fn reader(place: &Place) -> io::Result<BufReader<Decompressed>> {
    Ok(BufReader::new(Decompressed(open(place, &Arc::new(Stop::new()?))?)))
}

/// An input as a reader.
pub(super) struct Decompressed(Input);

impl Read for Decompressed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// Hands every line with its number (from 1) to `each`, and `None` for one that is too long to
/// look at; counts lines and bytes in `summary`.
pub(super) fn each_line(
    source: &mut dyn Source,
    summary: &mut Summary,
    mut each: impl FnMut(u64, Option<&[u8]>, &mut Summary) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = LineReader::new(source, &Settings::default());
    let mut number = 1;
    loop {
        match reader.next()? {
            Taken::Lines(lines) => {
                for line in lines.split_inclusive(|b| *b == b'\n') {
                    summary.records += 1;
                    summary.bytes_in += line.len() as u64;
                    each(number, Some(line), summary)?;
                    number += 1;
                }
            }
            Taken::Withheld { bytes, lines } => {
                summary.records += 1;
                summary.bytes_in += bytes;
                summary.withheld_records += 1;
                summary.withheld_bytes += bytes;
                each(number, None, summary)?;
                number += lines;
            }
            // tokens and people are looked for in whole lines
            Taken::Window(_) => reader.cut(None),
            Taken::Part(..) | Taken::Waiting => {}
            Taken::End => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_is_read_as_what_it_holds() {
        use std::io::Write;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log.gz");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"one\ntwo\n").unwrap();
        std::fs::write(&path, encoder.finish().unwrap()).unwrap();
        let mut text = String::new();
        reader(&Place::File(path)).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "one\ntwo\n");
        assert!(reader(&Place::File(folder.path().join("absent"))).is_err());
    }

    #[test]
    fn directories_are_their_files_in_order_and_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("a/b")).unwrap();
        for name in ["a/2.log", "a/1.log", "a/b/0.log", "c.log"] {
            std::fs::write(path(name), "x\n").unwrap();
        }
        std::os::unix::fs::symlink(path("c.log"), path("a/link.log")).unwrap();
        let found = places(&[path("c.log"), path("a"), PathBuf::from("-")]).unwrap();
        let expected = ["c.log", "a/1.log", "a/2.log", "a/b/0.log"].map(|name| Place::File(path(name)));
        assert_eq!(found[..4], expected);
        assert_eq!(found[4..], [Place::Stdin]);
        assert_eq!(places(&[]).unwrap(), [Place::Stdin]);
        assert!(places(&[path("absent")]).unwrap() == [Place::File(path("absent"))], "opening it says so");
    }
}
