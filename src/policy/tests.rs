//! Policies as files: what they mean together, and what is refused and how it is said.

use super::*;

fn read(text: &str) -> Policy {
    Policy::from_toml("p.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

fn on(policy: &Policy) -> Vec<&str> {
    policy.types().filter(|kind| policy.is_enabled(*kind)).map(|kind| policy.type_id(kind)).collect()
}

#[test]
fn built_in_policies_are_read_and_say_what_they_do() {
    for name in built_in_names() {
        let policy = Policy::load(name).unwrap();
        assert_eq!(policy.name(), name);
        assert!(built_in_text(name).unwrap().contains("description = "), "{name}");
    }
    assert_eq!(on(&Policy::load("default").unwrap()), on(&Policy::default()));
    assert_eq!(on(&Policy::load("secrets").unwrap()), ["cookie", "token", "password", "url-userinfo"]);
    assert_eq!(on(&Policy::load("everything").unwrap()).len(), TypeId::COUNT);
    let strict = Policy::load("strict").unwrap();
    assert!(strict.is_strict() && on(&strict).len() == TypeId::COUNT);
    let error = Policy::load("secret").unwrap_err();
    assert!(error.is_policy() && error.to_string().contains("`secrets`"), "{error}");
}

#[test]
fn a_condition_may_name_the_strict_policy() {
    let policy = read("[[when]]\npath = \"headers.dnt\"\nequals = \"1\"\nuse = \"strict\"\n");
    assert!(!policy.is_strict() && policy.is_strict_somewhere());
    assert!(!read("[[when]]\nshape = \"json\"\nuse = \"everything\"\n").is_strict_somewhere());
}

#[test]
fn types_win_over_groups_and_later_layers_over_earlier() {
    let policy = read(
        "extends = [\"access-log\"]\n[types.ipv4]\naction = \"keep\"\n[groups.network]\naction = \"remove\"\n\
         [groups.\"*\"]\naction = \"mask:2\"\nmin_confidence = 70\n",
    );
    assert_eq!(policy.action(TypeId::IPV4), &Action::Keep);
    assert_eq!(policy.action(TypeId::IPV6), &Action::Remove);
    assert_eq!(policy.action(TypeId::EMAIL), &Action::parse("mask:2").unwrap());
    assert_eq!(policy.json_numbers(), JsonNumbers::Null);
    assert_eq!(policy.min_confidence(TypeId::EMAIL), 70);
}

#[test]
fn what_any_extended_policy_looks_for_is_looked_for() {
    let policy = read("extends = [\"secrets\", \"payment\"]\n");
    assert_eq!(on(&policy), ["card", "iban", "bank", "cookie", "token", "password", "url-userinfo"]);
    assert_eq!(policy.action(TypeId::CARD), &Action::parse("mask:4").unwrap());
    let other = read("extends = [\"payment\", \"secrets\"]\n");
    assert_eq!(other.action(TypeId::CARD), policy.action(TypeId::CARD));
    // Their tests prove them alone: what extends them may change the answers.
    assert!(policy.tests().is_empty());
}

#[test]
fn what_is_printed_reads_back_the_same() {
    let text = "extends = [\"payment\"]\nallow = [\"@private\", \"/a\\\\d+/\"]\nforbidden = [\"card\"]\nregion = \"de\"\n\
        strict = true\nruleset = \"2026.11\"\nreload = \"poll:5s\"\nline_format = \"{ip} – {time}\"\n\
        [paths.\"user.email\"]\naction = \"token\"\ntype = \"email\"\n[headers.dnt]\nenabled = false\n\
        [rules.\"national-id/us-ssn\"]\nmode = \"shadow\"\n[rules.\"card/cvv\"]\nenabled = false\n\
        [types.email]\ntags = [\"marketing\"]\nmode = \"shadow\"\n\
        [[when]]\npath = \"headers.dnt\"\nequals = [\"1\", \"yes\"]\nuse = \"everything\"\n\
        [[test]]\nline = 'a \"b\" \\d'\nfinds = []\n";
    let policy = read(text);
    let again = read(&policy.to_toml(true));
    assert_eq!(policy.digest(), again.digest());
    assert_eq!(policy.to_toml(false), again.to_toml(false));
    assert_ne!(policy.digest(), Policy::default().digest());
    assert!(policy.to_toml(true).contains("region = \"DE\""));
    assert!(policy.to_toml(true).contains("# p.toml:4"));
    assert_eq!(policy.select("tag:marketing").unwrap(), [TypeId::EMAIL]);
    assert!(policy.is_shadow(TypeId::NATIONAL_ID, crate::rules::NATIONAL_ID_US_SSN));
    assert!(!policy.is_shadow(TypeId::NATIONAL_ID, crate::rules::NATIONAL_ID));
    assert!(policy.is_rule_off(crate::rules::CARD_CVV));
    assert_eq!(policy.place_of_condition(br#"{"headers":{"dnt":"yes"}}"#), Some(0));
    assert_eq!(policy.place_of_condition(br#"{"headers":{"dnt":"no"}}"#), None);
}

#[test]
fn wrong_policies_are_refused_with_file_line_and_a_near_name() {
    for (text, expect) in [
        (
            "[types.emial]\nenabled = true\n",
            &["p.toml:1: ", "`emial`", "`email`", "[types.emial]", "^^^^^"][..],
        ),
        ("\n[types.email]\nactoin = \"mask\"\n", &["p.toml:3: ", "unknown key `actoin`", "`action`"]),
        ("alow = []\n", &["p.toml:1: ", "`alow`", "`allow`"]),
        ("[types.email]\naction = \"msk\"\n", &["p.toml:2: ", "`msk`", "`mask`"]),
        ("[types.email]\nmode = \"shadwo\"\n", &["p.toml:2: ", "`shadow`"]),
        ("[types.email]\nmin_confidence = 101\n", &["p.toml:2: ", "0 to 100"]),
        ("[types.email]\nmin_confidence = 300\n", &["p.toml:2: "]),
        ("[rules.\"national-id/us-sn\"]\nenabled = false\n", &["p.toml:1: ", "`national-id/us-ssn`"]),
        ("[paths.\"a..b\"]\nenabled = false\n", &["p.toml:1: ", "path"]),
        ("[query.q]\ntype = \"quary\"\n", &["p.toml:2: ", "`query`"]),
        ("region = \"Germany\"\n", &["p.toml:1: ", "ISO 3166"]),
        ("ruleset = \"latest\"\n", &["p.toml:1: ", "2026."]),
        ("reload = \"5\"\n", &["p.toml:1: ", "poll:5s"]),
        ("json_numbers = \"nul\"\n", &["p.toml:1: ", "`null`"]),
        ("allow = [\"@privat\"]\n", &["p.toml:1: ", "`@private`"]),
        ("forbidden = [\"cards\"]\n", &["p.toml:1: ", "`card`"]),
        ("extends = [\"persnal\"]\n", &["p.toml:1: ", "`personal`"]),
        ("extends = [\"./none.toml\"]\n", &["p.toml:1: ", "none.toml"]),
        ("patterns = [\"./none.toml\"]\n", &["p.toml:1: ", "none.toml"]),
        ("[[when]]\nuse = \"default\"\n", &["p.toml:2: ", "`path`"]),
        ("[[when]]\npath = \"a\"\nmatches = \"(\"\nuse = \"default\"\n", &["p.toml:3: ", "regex"]),
        ("[[when]]\nshape = \"xml\"\nuse = \"default\"\n", &["p.toml:2: ", "logfmt"]),
        ("[[test]]\nline = \"x\"\n", &["p.toml:2: ", "`expect`"]),
        ("[[test]]\nline = \"x\"\nfinds = [\"mail\"]\n", &["p.toml:2: ", "`mail`"]),
        ("a = \n", &["p.toml:1: "]),
    ] {
        let error = Policy::from_toml("p.toml", text).unwrap_err();
        let message = error.to_string();
        assert!(error.is_policy(), "{message}");
        for part in expect {
            assert!(message.contains(part), "{part} is not in: {message}");
        }
    }
}

#[test]
fn files_extend_files_and_folders_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("base.toml", "extends = [\"secrets\"]\nallow = [\"@./allow.txt\"]\npatterns = [\"pack.toml\"]\n");
    write("allow.txt", "# people who agreed\nanna\n");
    write(
        "pack.toml",
        "[[type]]\nid = \"badge\"\ngroup = \"identity\"\n[[rule]]\nid = \"acme/badge\"\ndescription = \"d\"\n\
         type = \"badge\"\nregex = 'B-\\d{4}'\nmatches = [\"B-1234\", \"B-9999\"]\nnon_matches = [\"B-1\", \"C-1234\"]\n",
    );
    write(
        "site.toml",
        "extends = [\"base.toml\"]\n[types.badge]\naction = \"mask\"\n[types.email]\nenabled = true\n",
    );
    write("site.d/20.toml", "region = \"FR\"\n");
    write("site.d/10.toml", "region = \"DE\"\n");
    write("site.d/readme.txt", "not a policy");
    let site = folder.path().join("site.toml").display().to_string();
    let policy = Policy::load(&site).unwrap();
    assert_eq!(on(&policy), ["email", "cookie", "token", "password", "url-userinfo", "badge"]);
    assert_eq!(policy.region(), Some("FR"));
    assert_eq!(policy.action(policy.type_named("badge").unwrap()), &Action::parse("mask").unwrap());
    assert!(policy.is_listed(TypeId::USERNAME, b"anna"));
    assert_eq!(policy.packs().len(), 1);
    write("loop.toml", "extends = [\"./loop.toml\"]\n");
    let error = Policy::load(&folder.path().join("loop.toml").display().to_string()).unwrap_err();
    assert!(error.is_policy(), "{error}");
    assert!(Policy::load(&folder.path().join("none.toml").display().to_string()).unwrap_err().is_io());
}
