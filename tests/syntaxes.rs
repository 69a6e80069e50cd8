//! A key and its value as languages, formats and people write them: the value is found, and no byte beside it.

mod common;

use logveil::{Policy, Scanner, Scratch};

/// Keys of one type each and a value of it. `_` parts the words of a key.
const PAIRS: [(&str, &str); 14] = [
    ("email", "anna.berg@example.org"),
    ("phone", "0431 5550123"),
    ("password", "Kranich7!x"),
    ("username", "mtanaka7"),
    ("name", "Anna Berger"),
    ("token", "9f8a7c6e5d4b3a291807f6e5d4c3b2a1"),
    ("ssid", "Kaffeehaus"),
    ("card_number", "4111 1111 1111 1111"),
    ("session_id", "k3j9x7q2m5n8v1b4"),
    ("device_id", "a1b2c3d4e5f60718"),
    ("mac", "02:00:5e:10:00:ff"),
    ("dob", "1984-03-07"),
    ("iban", "DE89370400440532013000"),
    ("account_id", "8812047"),
];

/// Forms, by what writes them; `K` stands for the key (`card_number`), `C` for cardNumber, `P` for CardNumber, `U` for
/// CARD_NUMBER, `H` for Card-Number, `B` for card-number, `W` for its words between blanks, `V` for the value, `Q` for
/// the value in quotes if it has blanks.
const FORMS: [(&str, &str); 69] = [
    ("logfmt", "level=info «K»=«Q» ok=1"),
    ("a single quote", "level=info «K»='«V»' ok=1"),
    ("a line of its own", "info: «K»: «V»"),
    ("a colon and a quote", "«K»: \"«V»\""),
    ("JSON", r#"{"a":1,"«K»":"«V»","b":2}"#),
    ("JSON with blanks", r#"{ "a" : 1, "«K»" : "«V»" }"#),
    ("JSON in camel case", r#"{"«C»":"«V»"}"#),
    ("JSON in a string", r#"{"m":"{\"a\":1,\"«K»\":\"«V»\"}"}"#),
    ("a pair in a string", r#"{"m":"«K»=\"«V»\" ok"}"#),
    ("a list of one", r#"{"«K»":["«V»"]}"#),
    ("an object that types it (DynamoDB)", r#"{"«K»":{"S":"«V»"}}"#),
    ("an object that types it (Firestore)", r#"{"«K»":{"stringValue":"«V»"}}"#),
    ("before and after", r#"{"«K»":{"old":null,"new":"«V»"}}"#),
    ("a name and a value", r#"{"name":"«K»","value":"«V»"}"#),
    ("a key and a value", r#"{"key":"«K»","value":"«V»"}"#),
    ("Python", "{'a': 1, '«K»': '«V»', 'b': None}"),
    ("Ruby", r#"{"a"=>1, "«K»"=>"«V»", "b"=>nil}"#),
    ("Ruby's symbols", r#"{:a=>1, :«K»=>"«V»", :b=>nil}"#),
    ("Ruby 3.4", r#"{a: 1, «K»: "«V»", b: nil}"#),
    ("Perl, PHP", "'«K»' => '«V»',"),
    ("print_r of PHP", "    [«K»] => «V»"),
    ("var_dump of PHP", r#"  ["«K»"]=> string(9) "«V»""#),
    ("XML", "<a><«K»>«V»</«K»><b>1</b></a>"),
    ("an attribute", r#"<order n="7" «K»="«V»" />"#),
    ("XML in HTML", "&lt;«K»&gt;«V»&lt;/«K»&gt;"),
    ("an index", "«K»[0]=«V»&x=1"),
    ("a subscript", "user[«K»]=«V»&x=1"),
    ("a path", "user.«K»=«V»"),
    ("Go, in quotes", "&Order{N:7, «P»:\"«V»\", X:1}"),
    ("Go, without", "{N:7 «P»:«V» X:1}"),
    ("toString of Java", "Order{n=7, «C»=«V», x=1}"),
    ("toString of Java, in quotes", "Order{n=7, «C»='«V»', x=1}"),
    ("Kotlin, Scala", "Order(n=7, «C»=«V», x=1)"),
    ("Debug of Rust", r#"Order { n: 7, «K»: "«V»", x: 1 }"#),
    ("an option of Rust", r#"Order { n: 7, «K»: Some("«V»"), x: 1 }"#),
    ("a map of Erlang", r##"#{a => 1,«K» => <<"«V»">>}"##),
    ("Elixir", r#"%{a: 1, «K»: "«V»"}"#),
    ("Elixir's strings", r#"%{"a" => 1, "«K»" => "«V»"}"#),
    ("Swift", r#"["a": 1, "«K»": "«V»"]"#),
    ("Objective-C", r#"{ a = 1; «K» = "«V»"; }"#),
    ("Protocol Buffers", r#"order { n: 7 «K»: "«V»" }"#),
    ("TOML", "«K» = \"«V»\""),
    ("an ini file", "«K» = «V»"),
    ("YAML", "  «K»: «V»"),
    ("an assignment", "«K» := \"«V»\""),
    ("a condition", "«K» == \"«V»\""),
    ("SQL", "UPDATE t SET a = 1, «K» = '«V»' WHERE n = 7"),
    ("a condition of SQL", "SELECT * FROM t WHERE «K» = '«V»' LIMIT 1"),
    ("a pattern of SQL", "SELECT * FROM t WHERE «K» LIKE '«V»%'"),
    ("PostgreSQL", "DETAIL:  Key («K»)=(«V») already exists."),
    ("aligned colons", "«W»           : «V»"),
    ("leaders of dots", "   «W» . . . . . . . . : «V»"),
    ("dots", "«W»........: «V»"),
    ("a header", "«H»: «V»"),
    ("curl", "curl -H '«H»: «V»' https://example.org"),
    ("structured data of syslog", r#"[x@1 a="1" «K»="«V»"]"#),
    ("the environment", "export «U»=\"«V»\""),
    ("PowerShell", "$env:«U»=\"«V»\""),
    ("a property of Java", "java -D«K»=«Q» -jar a.jar"),
    ("an option", "cmd --«B»=«Q» --x"),
    ("an option and a blank", "cmd --«B» «Q» --x"),
    ("an option of Windows", "tool.exe /«K»:«Q» /x"),
    ("bars", "a=1|«K»=«V»|b=2"),
    ("tabs", "a=1\t«K»=«V»\tb=2"),
    ("commas", "a=1, «K»=«V», b=2"),
    ("semicolons", "a=1;«K»=«V»;b=2"),
    ("brackets", "«K»=[«V»] ok"),
    ("a remark", "login ok («K»: «V»)"),
    ("colours", "\x1b[36m«K»\x1b[0m=«Q» \x1b[36mb\x1b[0m=1"),
];

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn values_are_found_whatever_syntax_a_key_stands_in() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    let mut failed = Vec::new();
    for (key, value) in PAIRS {
        let words: Vec<String> = key.split('_').map(capitalised).collect();
        let (pascal, header) = (words.concat(), words.join("-"));
        let camel = key[..1].to_owned() + &pascal[1..];
        let quoted = if value.contains(' ') { format!("\"{value}\"") } else { value.to_owned() };
        for (writer, form) in FORMS {
            let line = form
                .replace("«K»", key)
                .replace("«C»", &camel)
                .replace("«P»", &pascal)
                .replace("«U»", &key.to_uppercase())
                .replace("«H»", &header)
                .replace("«B»", &key.replace('_', "-"))
                .replace("«W»", &key.replace('_', " "))
                .replace("«Q»", &quoted)
                .replace("«V»", value);
            let start = line.find(value).unwrap();
            let found = common::scan(&scanner, line.as_bytes(), &mut scratch);
            let found: Vec<_> = found.iter().map(|f| (f.start, f.end)).collect();
            if found != [(start, start + value.len())] {
                failed.push(format!("{writer}: {line}: {found:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), PAIRS.len() * FORMS.len(), failed.join("\n"));
}

/// Keys of types whose values are told from words by their shape.
const SHAPED: [(&str, &str); 14] = [
    ("customer no", "50736970"),
    ("member id", "M-688756784"),
    ("device id", "e0f5f0ee9b7157b8405fd7320d36f18d"),
    ("serial number", "C02XK1XGJGH5"),
    ("phone number", "0431 5550123"),
    ("SSN", "536-90-4399"),
    ("cell id", "190255363"),
    ("account number", "87580093"),
    ("routing number", "123272964"),
    ("IMSI", "262011234567890"),
    ("IMEI", "490154203237518"),
    ("card number", "4111 1111 1111 1111"),
    ("VIN", "1HGCM82633A004352"),
    ("client secret", "bZTOeTOSnZgR6M9nU6J0URCBtbYHjjaU"),
];

/// How sentences name such a value.
const SAID: [&str; 12] = [
    "worker: «K» «V» done",
    "the «K» is «V»",
    "«K» «V» already exists",
    "Invalid «K» '«V»'",
    "could not parse «K» \"«V»\": bad",
    "Duplicate «K» («V»)",
    "rejected [«K» «V»]",
    "updated «K» to «V»",
    "lookup by «K» «V», retry",
    "with «K» «V».",
    "{\"msg\":\"no «K» «V» here\",\"n\":1}",
    "«K»\t«V»",
];

#[test]
fn values_of_a_shape_are_found_right_behind_their_key() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    let mut failed = Vec::new();
    for (key, value) in SHAPED {
        for form in SAID {
            let line = form.replace("«K»", key).replace("«V»", value);
            let start = line.find(value).unwrap();
            let found = common::scan(&scanner, line.as_bytes(), &mut scratch);
            let found: Vec<_> = found.iter().map(|f| (f.start, f.end)).collect();
            if found != [(start, start + value.len())] {
                failed.push(format!("{line}: {found:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), SHAPED.len() * SAID.len(), failed.join("\n"));
}
