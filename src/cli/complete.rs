//! `completions` and `man`: made from the argument structures, so they can't be out of date.

use std::fs;
use std::io::Write;
use std::path::Path;

use clap::CommandFactory;

use super::args::{Cli, CompletionsCommand, ManCommand};
use super::outcome::Outcome;
use crate::error::Error;

pub(super) fn completions(command: &CompletionsCommand) -> Result<Outcome, Error> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "logveil", &mut script);
    print(&script)
}

pub(super) fn man(command: &ManCommand) -> Result<Outcome, Error> {
    let mut root = Cli::command();
    root.build();
    match &command.dir {
        None => print(&page_of(root)?),
        Some(directory) => {
            fs::create_dir_all(directory)
                .map_err(|e| Error::io(format!("can't make {}", directory.display()), e))?;
            write_pages(&root, "logveil", directory)?;
            Ok(Outcome::DONE)
        }
    }
}

fn page_of(command: clap::Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|e| Error::io("can't make the page", e))?;
    Ok(page)
}

fn write_pages(command: &clap::Command, name: &str, directory: &Path) -> Result<(), Error> {
    let path = directory.join(format!("{name}.1"));
    fs::write(&path, page_of(command.clone())?)
        .map_err(|e| Error::io(format!("can't write {}", path.display()), e))?;
    for sub in command.get_subcommands().filter(|s| s.get_name() != "help" && !s.is_hide_set()) {
        write_pages(sub, &format!("{name}-{}", sub.get_name()), directory)?;
    }
    Ok(())
}

fn print(bytes: &[u8]) -> Result<Outcome, Error> {
    let mut out = std::io::stdout();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}
