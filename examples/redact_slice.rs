//! Redacts one slice of whole records and says what was found.

use logveil::{Clean, Error, Policy, Scanner, Scratch, Summary};

const LINES: &[u8] =
    b"203.0.113.7 - - [21/Nov/2026:09:15:04 +0000] \"GET /?mail=kim%40example.org HTTP/1.1\" 200 37\n\
{\"msg\":\"login\",\"user\":{\"email\":\"anna@example.com\"},\"version\":\"10.2.3.4\"}\n";

fn redact() -> Result<(Clean, Summary), Error> {
    // Build the scanner once; it is cheap to clone. A scratch belongs to one thread and is reused.
    let scanner = Scanner::new(&Policy::default())?;
    let (mut scratch, mut clean, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
    scanner.redact(LINES, &mut scratch, &mut clean, &mut summary);
    Ok((clean, summary))
}

fn main() -> Result<(), Error> {
    let (clean, summary) = redact()?;
    print!("{}", String::from_utf8_lossy(clean.as_bytes()));
    println!("{} findings in {} records", summary.found_in_all(), summary.records);
    Ok(())
}

#[test]
fn nothing_personal_is_left() {
    let (clean, summary) = redact().expect("the default policy");
    let text = String::from_utf8_lossy(clean.as_bytes()).into_owned();
    assert_eq!(
        text,
        "[IPV4] - - [21/Nov/2026:09:15:04 +0000] \"GET /?mail=%5BEMAIL%5D HTTP/1.1\" 200 37\n\
         {\"msg\":\"login\",\"user\":{\"email\":\"[EMAIL]\"},\"version\":\"10.2.3.4\"}\n"
    );
    assert_eq!(summary.found_in_all(), 3);
}
