//! Common given names of Europe, the Americas and Asia, for names that stand under no person's key.
//!
//! Chosen by hand among the commonest ones; words that also name things (`page`, `mark` alone, `ruby`)
//! only count together with a family name, which the detector asks for.

/// In lower case without accents, sorted.
#[rustfmt::skip]
pub(crate) static GIVEN_NAMES: [&str; 464] = [
    "aaron", "adam", "adrian", "ahmed", "aisha", "alan", "albert", "alejandro", "alex", "alexander",
    "alexandra", "alexandre", "ali", "alice", "alicia", "alina", "amanda", "amelia", "amir", "amy", "ana",
    "anastasia", "anders", "andre", "andrea", "andreas", "andrew", "andrzej", "andy", "angela", "anita",
    "anja", "ann", "anna", "anne", "annette", "annika", "anthony", "antoine", "anton", "antonia", "antonio",
    "arjun", "arthur", "astrid", "axel", "barbara", "beatriz", "ben", "benjamin", "bernard", "bernd",
    "bettina", "bianca", "birgit", "bjorn", "bob", "brian", "bruno", "camille", "carl", "carla", "carlos",
    "carmen", "carol", "caroline", "catherine", "charles", "charlotte", "chiara", "chloe", "chris",
    "christian", "christina", "christine", "christoph", "christopher", "claire", "clara", "claudia",
    "claudio", "claus", "cristina", "daniel", "daniela", "danielle", "david", "deborah", "denis", "dennis",
    "diana", "diego", "dieter", "dirk", "dmitri", "dominik", "dorothea", "edith", "eduardo", "edward",
    "elena", "eleni", "elias", "elisabeth", "elise", "elizabeth", "ella", "emil", "emilia", "emily", "emma",
    "enrique", "eric", "erik", "erika", "ernst", "esther", "eva", "evelyn", "fabian", "fatima", "felix",
    "fernando", "filip", "florian", "francesca", "francesco", "francisco", "francois", "frank", "franz",
    "fred", "frederic", "frederik", "frida", "friedrich", "gabriel", "gabriela", "gabriele", "georg",
    "george", "gerhard", "giovanni", "giulia", "giuseppe", "gloria", "grace", "greta", "guillaume",
    "gunter", "gustav", "hanna", "hannah", "hans", "harald", "harry", "hassan", "heidi", "heike",
    "heinrich", "heinz", "helen", "helena", "helga", "helmut", "henrik", "henry", "herbert", "hiroshi",
    "holger", "hugo", "ian", "ibrahim", "ida", "igor", "ines", "ingrid", "irena", "irene", "irina",
    "isabel", "isabella", "isabelle", "ivan", "jack", "jacob", "jakob", "jakub", "james", "jan", "jana",
    "jane", "janet", "jason", "javier", "jean", "jennifer", "jens", "jessica", "jim", "joachim", "joana",
    "joao", "joe", "johan", "johann", "johanna", "john", "jonas", "jonathan", "jorge", "jose", "josef",
    "joseph", "joshua", "juan", "juana", "judith", "julia", "julian", "juliane", "julie", "julien",
    "jurgen", "justin", "kai", "karen", "karin", "karl", "karsten", "katarzyna", "kate", "katharina",
    "katherine", "kathrin", "katja", "kelly", "kenji", "kevin", "kim", "klaus", "kristin", "krzysztof",
    "lars", "laura", "laurent", "lea", "lena", "leo", "leon", "leonie", "li", "liam", "lina", "linda",
    "lisa", "liz", "louis", "louise", "luca", "lucas", "lucia", "lucy", "luis", "luisa", "lukas", "luke",
    "maja", "malte", "manfred", "manuel", "manuela", "marc", "marcel", "marcin", "marco", "marcus",
    "margaret", "maria", "mariam", "marian", "marie", "mario", "marion", "mark", "marko", "markus", "marta",
    "martha", "martin", "martina", "mary", "mateusz", "mathias", "mathieu", "matteo", "matthew", "matthias",
    "max", "maximilian", "mehmet", "melanie", "mia", "michael", "michaela", "michal", "michel", "michelle",
    "miguel", "mike", "milan", "mohamed", "mohammed", "monica", "monika", "moritz", "muhammad", "mustafa",
    "nadia", "nadine", "nancy", "natalia", "natalie", "nathan", "nicholas", "nick", "nicola", "nicolas",
    "nicole", "niklas", "nils", "nina", "noah", "nora", "norbert", "olaf", "oleg", "olga", "oliver",
    "olivia", "olivier", "oscar", "oskar", "otto", "pablo", "pamela", "patricia", "patrick", "patrik",
    "paul", "paula", "paulo", "pavel", "pedro", "peggy", "peter", "petra", "philip", "philipp", "philippe",
    "pierre", "piotr", "priya", "rachel", "rafael", "rainer", "raj", "ralf", "ralph", "ramon", "raul",
    "rebecca", "renate", "rene", "ricardo", "richard", "rita", "robert", "roberto", "robin", "roger",
    "roland", "rolf", "roman", "ronald", "rosa", "rose", "ruth", "ryan", "sabine", "sabrina", "sam",
    "samantha", "samuel", "sandra", "sara", "sarah", "sean", "sebastian", "sergei", "sergio", "sharon",
    "silke", "silvia", "simon", "simone", "sofia", "sonia", "sonja", "sophia", "sophie", "stefan",
    "stefanie", "stephan", "stephanie", "stephen", "steve", "steven", "susan", "susanne", "sven",
    "svetlana", "sylvia", "tanja", "tatiana", "teresa", "theo", "theodor", "theresa", "thomas", "thorsten",
    "tim", "timo", "tobias", "tom", "tomas", "tomasz", "torsten", "ulrich", "ulrike", "ursula", "ute",
    "valentina", "valerie", "vanessa", "vera", "veronica", "victor", "victoria", "viktor", "vincent",
    "vladimir", "walter", "wei", "werner", "wilhelm", "william", "wolfgang", "xavier", "yasmin", "yuki",
    "yusuf", "yvonne", "zoe",
];

/// True if `word` is one of them, in any case.
pub(crate) fn is_given_name(word: &[u8]) -> bool {
    let mut lower = [0u8; 16];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    GIVEN_NAMES.binary_search_by(|name| name.as_bytes().cmp(lower)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_found() {
        assert!(GIVEN_NAMES.is_sorted());
        for (word, found) in
            [("Anna", true), ("ANNA", true), ("", false), ("Menu", false), ("Zzzzzzzzzzzzzzzzzzzz", false)]
        {
            assert_eq!(is_given_name(word.as_bytes()), found, "{word}");
        }
        assert!(!is_given_name(b"\xff"));
    }
}
