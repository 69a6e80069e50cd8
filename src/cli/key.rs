//! `logveil key`: makes and keeps key rings.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::keys::{KeySourceArgs, no_core_dumps};
use super::outcome::Outcome;
use crate::error::Error;
use crate::finding::Group;
use crate::token::{Care, Key, KeyRing, KeyStatus, Kid, Moment, RevealKey};
use crate::token::{create_ring_file, create_text, parse_span, update_ring_file};

#[derive(Debug, Args)]
pub(crate) struct KeyCommand {
    #[command(subcommand)]
    pub what: KeyWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyWhat {
    /// Make a key ring
    ///
    /// Existing tokens: a new ring knows none of them. Values get other tokens than before, and
    /// tokens of another ring can't be linked with them or turned back. A file that exists is never
    /// overwritten.
    New(NewArgs),
    /// List the keys of a ring, without their secrets
    ///
    /// Existing tokens: nothing changes.
    List(OneRing),
    /// Add a key to a ring
    ///
    /// Existing tokens: all stay known and reversible ones can still be turned back. With
    /// --primary, values get other tokens from now on, which can't be linked with the earlier ones.
    Add(AddArgs),
    /// Let another key make the tokens from now on
    ///
    /// Existing tokens: all stay known. Values get the tokens of that key from now on; what it
    /// wrote before and what it writes now can be linked, what other keys wrote can't.
    Promote(KidArgs),
    /// Move a ring with epochs on to the epoch of now
    ///
    /// Existing tokens: values get other tokens in the new epoch. Tokens of epochs that are past
    /// their time to be kept can never be made again, found by value or turned back; no one can
    /// undo that who has no copy or backup of the ring. Held keys stay.
    Advance(OneRing),
    /// Hold a key back from destruction, or release it
    ///
    /// Existing tokens: nothing changes. A held key can't be destroyed, and epochs do not drop it.
    Hold(HoldArgs),
    /// Make a pair of keys for sealed tokens (`token:sealed`)
    ///
    /// Existing tokens: nothing changes. Values that are sealed from now on can be opened with the
    /// private key alone (`logveil reveal`): keep it off the hosts that write logs, which need only the
    /// public one. Without it nothing can open them. Files that exist are never overwritten.
    #[command(after_help = "Example: logveil key seal-pair -o reveal.key --public seal.pub")]
    SealPair(SealPairArgs),
    /// Destroy a key for ever
    ///
    /// Existing tokens: those of this key stay in the logs as they are, but can never be made
    /// again, found by value or turned back. The old ring file's bytes are overwritten; copies,
    /// backups, snapshots and media that copy on write keep them: they must go too. Refused for the
    /// primary key and while a hold lasts. Prints a receipt.
    Destroy(DestroyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct OneRing {
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The file to make, readable by its owner only
    #[arg(short = 'o', long, value_name = "RING")]
    pub output: PathBuf,
    /// The length of an epoch, such as 30d; without it keys change only by hand
    #[arg(long, value_name = "SPAN")]
    pub epoch: Option<String>,
    /// When epoch 0 begins, such as 2026-01-01 [default: today]
    #[arg(long, value_name = "DATE", requires = "epoch")]
    pub start: Option<String>,
    /// How long tokens stay known after their epoch: 90d for all, network=30d for one group
    /// [default: not at all]
    #[arg(long, value_name = "[GROUP=]SPAN", requires = "epoch", value_delimiter = ',')]
    pub keep: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Let it make the tokens from now on
    #[arg(long)]
    pub primary: bool,
    /// Its name, four of 0-9 and a-v [default: a random one]
    #[arg(long, value_name = "KID")]
    pub kid: Option<String>,
    /// Take the secret (64 hexadecimal digits) from a file, - for standard input [default: random]
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct KidArgs {
    /// The key's name
    #[arg(value_name = "KID")]
    pub kid: String,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HoldArgs {
    /// The key's name
    #[arg(value_name = "KID")]
    pub kid: String,
    /// The day until which it is held, such as 2027-01-01
    #[arg(long, value_name = "DATE", required_unless_present = "release")]
    pub until: Option<String>,
    /// Why, for the ring file: a case number, no personal data
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Let it go
    #[arg(long, conflicts_with_all = ["until", "reason"])]
    pub release: bool,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SealPairArgs {
    /// The private key's file to make, readable by its owner only
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: PathBuf,
    /// The public key's file to make, for the hosts that write logs
    #[arg(long, value_name = "FILE")]
    pub public: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DestroyArgs {
    /// The key's name
    #[arg(value_name = "KID")]
    pub kid: String,
    /// Also write the receipt to a file
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// A ring that is missing, loose, weak or broken; a change that the ring refuses; a closed output.
pub(super) fn run(command: KeyCommand) -> Result<Outcome, Error> {
    no_core_dumps();
    let now = Moment::now();
    let text = match command.what {
        KeyWhat::New(args) => new(&args, now)?,
        KeyWhat::List(args) => list(&args.ring.source()?.read()?, now),
        KeyWhat::Add(args) => add(&args, now)?,
        KeyWhat::Promote(args) => {
            let kid = kid(&args.kid)?;
            update_ring_file(&args.ring.path()?, |ring| ring.promote(kid, now))?;
            format!("key {kid} makes the tokens from now on\n")
        }
        KeyWhat::Advance(args) => advance(&args.ring.path()?, now)?,
        KeyWhat::Hold(args) => hold(&args)?,
        KeyWhat::SealPair(args) => seal_pair(&args, now)?,
        KeyWhat::Destroy(args) => destroy(&args, now)?,
    };
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}

fn new(args: &NewArgs, now: Moment) -> Result<String, Error> {
    let mut ring = KeyRing::generate(now)?;
    if let Some(epoch) = &args.epoch {
        let start = match &args.start {
            Some(start) => date(start)?,
            None => now.midnight(),
        };
        if start > now {
            return Err(Error::usage("epoch 0 can't begin in the future"));
        }
        ring.start_epochs(span(epoch)?, start, keep(&args.keep)?)?;
        ring.advance(now)?;
    }
    create_ring_file(&args.output, &ring)?;
    let kid = ring.primary()?.kid();
    Ok(format!(
        "made {} with key {kid}; keep it secret, and keep a copy as safe as the logs are long\n",
        args.output.display()
    ))
}

fn keep(given: &[String]) -> Result<[u64; Group::ALL.len()], Error> {
    let mut keep = [0; Group::ALL.len()];
    for entry in given {
        let Some((name, length)) = entry.split_once('=') else {
            keep = [span(entry)?; Group::ALL.len()];
            continue;
        };
        let group = Group::from_id(name);
        let group = group.ok_or_else(|| {
            Error::usage("--keep names a group that does not exist; see `logveil patterns list`")
        })?;
        let length = span(length)?;
        for (place, _) in keep.iter_mut().zip(Group::ALL).filter(|(_, g)| *g == group) {
            *place = length;
        }
    }
    Ok(keep)
}

fn list(ring: &KeyRing, now: Moment) -> String {
    let mut text = String::new();
    if let Some(epochs) = ring.epochs() {
        let _ = writeln!(text, "{epochs}, now in epoch {}", epochs.number(now));
    }
    let _ = writeln!(
        text,
        "{:<5} {:<10} {:<6} {:<21} {:<21} keeps",
        "kid", "status", "epoch", "created", "held until"
    );
    for key in ring.keys() {
        let epoch = key.epoch().map_or_else(|| "-".to_owned(), |n| n.to_string());
        let held = key.hold().map_or_else(|| "-".to_owned(), |until| until.to_string());
        let (kid, status, created) = (key.kid(), key.status().id(), key.created());
        let _ = writeln!(
            text,
            "{kid:<5} {status:<10} {epoch:<6} {:<21} {held:<21} {}",
            created.to_string(),
            kept(key)
        );
    }
    text
}

fn kept(key: &Key) -> String {
    let groups = key.groups();
    match groups.len() {
        0 => "nothing".to_owned(),
        n if n == Group::ALL.len() => "all".to_owned(),
        _ => groups.iter().map(|g| g.id()).collect::<Vec<_>>().join(","),
    }
}

fn add(args: &AddArgs, now: Moment) -> Result<String, Error> {
    let kid = args.kid.as_deref().map(kid).transpose()?;
    let secret = args.secret_file.as_deref().map(read_secret).transpose()?;
    let status = if args.primary { KeyStatus::Primary } else { KeyStatus::Active };
    let (kid, _) = update_ring_file(&args.ring.path()?, |ring| {
        if ring.epochs().is_some() && args.primary {
            return Err(Error::key("the ring has epochs: time names its primary key"));
        }
        ring.add_key(kid, status, secret.as_ref().map(|s| s.as_str()), now)
    })?;
    let role = if args.primary {
        "it makes the tokens from now on"
    } else {
        "it makes no tokens until it is promoted"
    };
    Ok(format!("added key {kid}; {role}\n"))
}

/// The secret's text; never an argument, so that no process list and no shell history has it.
fn read_secret(path: &Path) -> Result<Zeroizing<String>, Error> {
    let told = |e| Error::io("reading the secret", e);
    // Longer than any secret with its line end; read once, into memory that never moves.
    let mut text = Zeroizing::new(String::with_capacity(128));
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(100).read_to_string(&mut text).map_err(told)?;
    } else {
        std::fs::File::open(path).map_err(told)?.take(100).read_to_string(&mut text).map_err(told)?;
    }
    let length = text.trim_end().len();
    text.truncate(length);
    Ok(text)
}

fn advance(path: &Path, now: Moment) -> Result<String, Error> {
    let (changed, ring) = update_ring_file(path, |ring| ring.advance(now))?;
    let key = ring.primary()?;
    let epoch = key.epoch().unwrap_or(0);
    let what = if changed { "moved on" } else { "nothing to do" };
    Ok(format!("{what}: epoch {epoch}, key {}\n", key.kid()))
}

fn hold(args: &HoldArgs) -> Result<String, Error> {
    let kid = kid(&args.kid)?;
    let until = args.until.as_deref().map(date).transpose()?;
    update_ring_file(&args.ring.path()?, |ring| ring.hold(kid, until, &args.reason))?;
    Ok(match until {
        Some(until) => format!("key {kid} is held until {until}\n"),
        None => format!("key {kid} is released\n"),
    })
}

fn seal_pair(args: &SealPairArgs, now: Moment) -> Result<String, Error> {
    let key = RevealKey::generate()?;
    create_text(&args.output, key.to_text(now).as_bytes(), Care::Secret)?;
    if let Err(error) = create_text(&args.public, key.public().to_text(now).as_bytes(), Care::Public) {
        // Half a pair is of no use to anybody.
        let _ = std::fs::remove_file(&args.output);
        return Err(error);
    }
    Ok(format!(
        "made {} and {}, key {}; keep the first off the hosts that write logs\n",
        args.output.display(),
        args.public.display(),
        key.public().id()
    ))
}

fn destroy(args: &DestroyArgs, now: Moment) -> Result<String, Error> {
    let kid = kid(&args.kid)?;
    let path = args.ring.path()?;
    // Opened before anything is destroyed: a receipt that can't be written stops it.
    let receipt = args.receipt.as_deref().map(|path| {
        let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
        opened.map_err(|e| Error::io("opening the receipt", e))
    });
    let receipt = receipt.transpose()?;
    let (created, _) = update_ring_file(&path, |ring| {
        let created = ring.key(kid).map(Key::created);
        ring.destroy(kid, now).map(|()| created)
    })?;
    let created = created.map_or_else(String::new, |at| format!(", made {at},"));
    let text = format!(
        "key {kid}{created} was destroyed {now} in {}; its bytes in that file were overwritten. Copies and \
         backups of the ring are not known here and must be destroyed too.\n",
        path.display()
    );
    if let Some(mut file) = receipt {
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|e| Error::io("writing the receipt", e))?;
    }
    Ok(text)
}

fn kid(text: &str) -> Result<Kid, Error> {
    Kid::parse(text.as_bytes()).ok_or_else(|| Error::usage("a key's name is four of 0-9 and a-v"))
}

fn date(text: &str) -> Result<Moment, Error> {
    Moment::parse(text).ok_or_else(|| Error::usage("a date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"))
}

fn span(text: &str) -> Result<u64, Error> {
    parse_span(text).ok_or_else(|| Error::usage("a span is a number and s, m, h or d, such as 30d"))
}
