//! A logger's writer that never lets personal data through: what `tracing_subscriber` asks of a
//! `MakeWriter`, or any logger that takes an `io::Write`, with `RedactWriter` inside.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use logveil::{Policy, RedactWriter, Redactor, Scanner};

/// Gives each event a writer, as `MakeWriter::make_writer` does; all share one output.
#[derive(Clone)]
struct CleanLog<W: Write> {
    scanner: Scanner,
    inner: Arc<Mutex<W>>,
}

impl<W: Write> CleanLog<W> {
    fn new(inner: W) -> Result<Self, logveil::Error> {
        Ok(Self { scanner: Scanner::new(&Policy::default())?, inner: Arc::new(Mutex::new(inner)) })
    }
    /// Writes one event; what was logged in clear is dropped here.
    fn event(&self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = RedactWriter::new(Redactor::new(self.scanner.clone()), &mut *inner);
        writeln!(writer, "{text}")?;
        writer.finish().map(|_| ())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let log = CleanLog::new(io::stderr())?;
    log.event(format_args!("login failed user={} ip={}", "kim.lee", "203.0.113.9"))?;
    Ok(())
}

#[test]
fn events_come_out_clean_and_in_order() {
    let log = CleanLog::new(Vec::new()).expect("the default policy");
    log.event(format_args!("login failed user={} ip={}", "kim.lee", "203.0.113.9")).unwrap();
    log.event(format_args!("retry in 3 s")).unwrap();
    let text = log.inner.lock().unwrap().clone();
    assert_eq!(String::from_utf8_lossy(&text), "login failed user=[USERNAME] ip=[IPV4]\nretry in 3 s\n");
}
