//! Common given names of Europe, the Americas and Asia, for names that stand under no person's key.
//!
//! Chosen by hand among the commonest ones; words that also name things (`page`, `mark` alone, `ruby`)
//! only count together with a family name, which the detector asks for.

/// In lower case without accents, sorted.
#[rustfmt::skip]
pub(crate) static GIVEN_NAMES: [&str; 1156] = [
    "aaron", "abdul", "abdullah", "abigail", "adam", "adele", "adrian", "adriana", "agata", "agnes",
    "agnieszka", "ahmed", "aidan", "aiden", "ailsa", "aino", "aisha", "akira", "alain", "alan", "alba",
    "albert", "alberto", "aldo", "alejandro", "aleksander", "aleksandra", "alena", "alessandra",
    "alessandro", "alex", "alexander", "alexandra", "alexandre", "alexandru", "alexei", "alfonso", "alfred",
    "alfredo", "ali", "alice", "alicia", "alina", "alisa", "alison", "alistair", "allison", "alois",
    "aloys", "alvaro", "amalia", "amanda", "amelia", "amelie", "amina", "amir", "amit", "amrita", "amy",
    "ana", "anais", "ananya", "anastasia", "anders", "andras", "andre", "andrea", "andreas", "andreea",
    "andrei", "andrej", "andres", "andrew", "andrzej", "andy", "angela", "angelica", "angelika", "angelo",
    "angus", "aniket", "aniko", "anil", "anish", "anita", "anja", "ankit", "ann", "anna", "annabelle",
    "annalena", "anne", "anneliese", "annemarie", "annette", "annika", "anouk", "ansgar", "anthony",
    "antje", "antoine", "anton", "antonella", "antonia", "antonio", "antti", "anushka", "anya", "aoife",
    "apolonia", "arjun", "arnaud", "arne", "arno", "arthur", "arturo", "arvid", "asger", "asha", "ashley",
    "ashok", "asif", "astrid", "augusto", "aurelie", "axel", "ayesha", "aylin", "ayse", "balazs", "barbara",
    "barbora", "bart", "bartosz", "bastian", "bea", "beate", "beatrice", "beatrix", "beatriz", "begona",
    "ben", "benedikt", "benjamin", "benoit", "bente", "berit", "bernard", "bernd", "berta", "bertrand",
    "bettina", "bhavna", "bianca", "birgit", "birte", "bjarke", "bjarne", "bjorn", "blanca", "bob", "bodil",
    "bogdan", "boris", "bozena", "brandon", "branislav", "brendan", "brian", "bridget", "brigitte",
    "britta", "brittany", "bruce", "bruno", "burak", "caitlin", "callum", "camila", "camille", "candice",
    "carina", "carl", "carla", "carlo", "carlos", "carlotta", "carmen", "carol", "carolina", "caroline",
    "carsten", "catarina", "catherine", "cecilia", "cedric", "celine", "cesar", "chantal", "charles",
    "charlotte", "cheryl", "chiara", "chloe", "chris", "christa", "christelle", "christian", "christiane",
    "christina", "christine", "christof", "christoph", "christopher", "ciaran", "cigdem", "cindy", "claire",
    "clara", "clarissa", "claudia", "claudio", "claus", "clemens", "clement", "colin", "conor",
    "constantin", "cora", "corinna", "cornelia", "craig", "cristina", "cynthia", "dagmar", "daisuke",
    "damian", "damien", "daniel", "daniela", "danielle", "danilo", "danuta", "dariusz", "darren", "dave",
    "david", "dawid", "debbie", "deborah", "deepak", "denis", "deniz", "dennis", "derek", "detlef",
    "devika", "diana", "diane", "didier", "diego", "dieter", "dilip", "dimitri", "dirk", "divya", "dmitri",
    "dmitry", "dolores", "domenico", "dominic", "dominik", "dominique", "donald", "donna", "doris",
    "dorota", "dorothea", "doug", "douglas", "duncan", "dusan", "dustin", "dylan", "eberhard", "ebru",
    "eckhard", "edgar", "edith", "edmund", "eduard", "eduardo", "edward", "edwin", "eero", "eike", "eileen",
    "eirik", "elaine", "eleanor", "elena", "eleni", "eleonora", "elias", "elif", "elina", "elisa",
    "elisabeth", "elise", "elizabeta", "elizabeth", "elke", "ella", "ellen", "elsa", "elvira", "emanuel",
    "emil", "emilia", "emilie", "emilio", "emily", "emma", "emre", "enrico", "enrique", "eoin", "eric",
    "erica", "erich", "erik", "erika", "erin", "ernesto", "ernst", "erwin", "esteban", "estelle", "esther",
    "ethan", "eugen", "eugene", "eugenia", "eva", "eveline", "evelyn", "ewa", "fabian", "fabio", "fabrice",
    "faisal", "farah", "fatima", "fatma", "federico", "felipe", "felix", "ferdinand", "fernando", "filip",
    "fiona", "flavia", "florian", "floriane", "frances", "francesca", "francesco", "francisco", "franck",
    "francois", "frank", "franz", "franziska", "frauke", "fred", "freddie", "frederic", "frederick",
    "frederik", "fredrik", "freja", "frida", "frieda", "friedrich", "fritz", "gabi", "gabriel", "gabriela",
    "gabriele", "gaelle", "gareth", "gavin", "genevieve", "geoffrey", "georg", "george", "georgina",
    "gerald", "gerard", "gerda", "gerhard", "gerlinde", "gert", "gianluca", "gilbert", "gilles", "gina",
    "giorgio", "giovanni", "gisela", "giulia", "giuliana", "giuseppe", "glenn", "gloria", "gokhan",
    "goncalo", "gonzalo", "goran", "gordon", "grace", "graham", "gregor", "gregory", "greta", "grzegorz",
    "guadalupe", "gudrun", "guido", "guillaume", "guillermo", "gunnar", "gunter", "gunther", "gustav",
    "gustavo", "gwen", "hailey", "hakan", "halina", "hamid", "hamza", "hanna", "hannah", "hanne",
    "hannelore", "hans", "harald", "harriet", "harry", "hartmut", "haruka", "haruto", "hassan", "heather",
    "hector", "heidi", "heike", "heiko", "heiner", "heinrich", "heinz", "helen", "helena", "helga",
    "helmut", "hendrik", "henri", "henriette", "henrik", "henrique", "henry", "herbert", "hermann", "hilda",
    "hilde", "hiro", "hiroshi", "holger", "hortense", "howard", "hubert", "hugo", "huseyin", "ian",
    "ibrahim", "ida", "igor", "ilona", "ilse", "imran", "inaki", "ines", "inga", "inge", "ingeborg",
    "ingmar", "ingo", "ingrid", "inigo", "irena", "irene", "irina", "isaac", "isabel", "isabella",
    "isabelle", "isak", "ismail", "istvan", "ivan", "ivana", "ivo", "jaakko", "jacek", "jack", "jacob",
    "jacqueline", "jaime", "jakob", "jakub", "jamal", "james", "jan", "jana", "jane", "janek", "janet",
    "janina", "jannik", "jarek", "jaroslav", "jasmin", "jason", "javier", "jean", "jeanette", "jeanne",
    "jeff", "jeffrey", "jelena", "jennifer", "jenny", "jens", "jeremy", "jerome", "jerry", "jesper",
    "jessica", "jill", "jim", "jiri", "joachim", "joana", "joanna", "joanne", "joao", "joaquim", "joaquin",
    "jochen", "joe", "joel", "joelle", "joey", "johan", "johann", "johanna", "johannes", "john", "jolanta",
    "jon", "jonas", "jonathan", "jordi", "jorg", "jorge", "joris", "jose", "josef", "josefine", "joseph",
    "josephine", "josette", "joshua", "josip", "jozef", "juan", "juana", "judith", "judy", "juergen",
    "juha", "julia", "julian", "juliane", "julie", "julien", "julio", "jurgen", "justin", "jutta", "kai",
    "kaitlyn", "kamal", "kamil", "karen", "karin", "karina", "karl", "karolina", "karsten", "kaspar",
    "katarzyna", "kate", "katharina", "katherine", "kathleen", "kathrin", "kathryn", "kathy", "katie",
    "katja", "katrin", "kavita", "kayla", "keith", "kelly", "ken", "kenji", "kenneth", "kenta", "kerstin",
    "kevin", "kim", "kirsten", "kirsty", "klaus", "knut", "konrad", "konstantin", "kristen", "kristian",
    "kristin", "kristina", "kristof", "krystyna", "krzysztof", "kurt", "kyle", "lajos", "lakshman",
    "lakshmi", "larissa", "lars", "laszlo", "laura", "lauren", "laurence", "laurent", "laurie", "lea",
    "leif", "leila", "lena", "leo", "leon", "leonard", "leonardo", "leonid", "leonie", "leopold", "leroy",
    "leticia", "li", "liam", "lidia", "liesel", "lieselotte", "lilian", "lilly", "lina", "linda", "linus",
    "lisa", "liz", "lorenzo", "lothar", "louis", "louise", "lubos", "luca", "lucas", "lucia", "luciana",
    "lucien", "lucy", "ludmila", "ludwig", "luigi", "luis", "luisa", "luiz", "luiza", "lukas", "lukasz",
    "luke", "lutz", "lydia", "lynn", "maarten", "maciej", "madeleine", "magda", "magdalena", "magnus",
    "mahmoud", "maik", "maike", "maite", "maja", "malgorzata", "malin", "malte", "mandy", "manfred",
    "manoj", "manon", "manuel", "manuela", "marc", "marcel", "marcela", "marcelo", "marcin", "marco",
    "marcus", "margaret", "margarita", "margit", "margot", "margret", "marguerite", "maria", "mariam",
    "marian", "mariana", "marianne", "marie", "marijke", "marina", "mario", "marion", "marisa", "marit",
    "marius", "mark", "marko", "markus", "marlene", "marlies", "marta", "martha", "martin", "martina",
    "mary", "matej", "mateusz", "mathias", "mathieu", "mathilde", "matilda", "matt", "matteo", "matthew",
    "matthias", "matthieu", "maureen", "maurice", "mauricio", "max", "maxime", "maximilian", "meera",
    "megan", "mehdi", "mehmet", "meike", "melanie", "melinda", "melissa", "meredith", "mette", "mia",
    "michael", "michaela", "michal", "michel", "michele", "michelle", "miguel", "mihai", "mikael", "mike",
    "mikhail", "mikko", "mila", "milan", "milena", "milos", "miriam", "mirko", "miroslav", "mohamed",
    "mohammad", "mohammed", "mona", "monica", "monika", "moritz", "morten", "muhammad", "mustafa", "nadia",
    "nadine", "nadja", "nancy", "naoko", "naomi", "natalia", "natalie", "natasha", "nathalie", "nathan",
    "neha", "neil", "niamh", "nicholas", "nick", "nicola", "nicolai", "nicolas", "nicole", "niels",
    "nikhil", "niklas", "nikola", "nikolaus", "nils", "nina", "nino", "noah", "noemi", "nora", "norbert",
    "norma", "nuria", "odile", "olaf", "ole", "oleg", "olena", "olga", "oliver", "olivia", "olivier",
    "omar", "omer", "ondrej", "oscar", "oskar", "osman", "ottilie", "otto", "ottokar", "owen", "ozlem",
    "pablo", "pamela", "paola", "pascal", "patrice", "patricia", "patrick", "patrik", "paul", "paula",
    "paulina", "pauline", "paulo", "pavel", "pawel", "pedro", "peggy", "petar", "peter", "petr", "petra",
    "philip", "philipp", "philippe", "pia", "pierre", "pieter", "pietro", "piotr", "pooja", "pradeep",
    "prakash", "pranav", "priya", "priyanka", "przemyslaw", "rachel", "radek", "rafael", "rafal",
    "raffaella", "rahul", "raimund", "rainer", "raj", "rajesh", "ralf", "ralph", "ramesh", "ramiro",
    "ramon", "raphael", "raquel", "rasmus", "raul", "ravi", "raymond", "rebecca", "reinhard", "reinhold",
    "renata", "renate", "rene", "rhys", "ricardo", "riccardo", "richard", "rita", "robert", "roberto",
    "robin", "rocio", "rodrigo", "roger", "rohan", "rohit", "roland", "rolf", "romain", "roman", "ronald",
    "ronny", "rosa", "rosalie", "rose", "rosemarie", "rosie", "roswitha", "ruben", "rudolf", "rui",
    "rupert", "russell", "ruth", "ruud", "ryan", "sabina", "sabine", "sabrina", "salma", "salvatore", "sam",
    "samantha", "samir", "samuel", "sandeep", "sandra", "sandro", "sanjay", "sara", "sarah", "sascha",
    "sashi", "scott", "sean", "sebastian", "sebastien", "senthil", "serena", "sergei", "sergey", "sergio",
    "shane", "shannon", "sharon", "sheila", "shirley", "shreya", "sibylle", "siddharth", "siegfried",
    "sigrid", "silke", "silvia", "silvio", "simon", "simona", "simone", "siobhan", "slavica", "sofia",
    "sofie", "soledad", "solveig", "sonia", "sonja", "sophia", "sophie", "soren", "stanislaw", "stefan",
    "stefania", "stefanie", "steffen", "stella", "stephan", "stephane", "stephanie", "stephen", "steve",
    "steven", "stig", "stuart", "sunil", "sunita", "suresh", "susan", "susana", "susanne", "sven", "svenja",
    "svetlana", "swen", "sylvain", "sylvia", "sylvie", "tadeusz", "takashi", "tamara", "tanja", "tatiana",
    "teresa", "terry", "thea", "theo", "theodor", "theresa", "therese", "thiago", "thibault", "thierry",
    "thomas", "thorsten", "tiago", "tiffany", "tilman", "tim", "timo", "timothy", "tina", "tobias", "todd",
    "tom", "tomas", "tomasz", "tommaso", "toni", "tony", "torben", "torsten", "tracy", "trevor", "tuomas",
    "tyler", "ulf", "ulla", "ulrich", "ulrike", "umit", "ursula", "ute", "uwe", "vaclav", "valentin",
    "valentina", "valerie", "vanessa", "venkat", "vera", "verena", "veronica", "veronika", "vicente",
    "victor", "victoria", "vijay", "viktor", "vincent", "vincenzo", "vitoria", "vivek", "vivian",
    "vladimir", "vojtech", "volker", "walter", "waltraud", "wanda", "wendy", "werner", "wiebke", "wilfried",
    "wilhelm", "wilhelmina", "willem", "william", "wladyslaw", "wojciech", "wolfgang", "xavier", "yannick",
    "yasmin", "yolanda", "younes", "yuki", "yuri", "yusuf", "yuto", "yvette", "yvonne", "zachary", "zaneta",
    "zbigniew", "zdenek", "zeynep", "zoe", "zofia", "zoltan", "zsofia", "zuzana",
];

/// True if `word` is one of them, in any case.
pub(crate) fn is_given_name(word: &[u8]) -> bool {
    let Ok(word) = std::str::from_utf8(word) else { return false };
    let mut folded = [0u8; 16];
    let mut length = 0;
    for letter in word.chars() {
        let (Some(slot), Some(plain)) = (folded.get_mut(length), without_accent(letter)) else {
            return false;
        };
        *slot = plain;
        length += 1;
    }
    GIVEN_NAMES.binary_search_by(|name| name.as_bytes().cmp(&folded[..length])).is_ok()
}

/// The small letter without its accent; `None` for what no name of the list is written with.
fn without_accent(letter: char) -> Option<u8> {
    let plain = match letter {
        _ if letter.is_ascii() => return Some(letter.to_ascii_lowercase() as u8),
        'À'..='Å' | 'à'..='å' | 'Ă' | 'ă' | 'Ą' | 'ą' => b'a',
        'Ç' | 'ç' | 'Ć' | 'ć' | 'Č' | 'č' => b'c',
        'È'..='Ë' | 'è'..='ë' | 'Ę' | 'ę' | 'Ě' | 'ě' => b'e',
        'Ğ' | 'ğ' => b'g',
        'Ì'..='Ï' | 'ì'..='ï' | 'İ' | 'ı' => b'i',
        'Ł' | 'ł' => b'l',
        'Ñ' | 'ñ' | 'Ń' | 'ń' | 'Ň' | 'ň' => b'n',
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' | 'Ő' | 'ő' => b'o',
        'Ř' | 'ř' => b'r',
        'Ś' | 'ś' | 'Ş' | 'ş' | 'Š' | 'š' | 'Ș' | 'ș' => b's',
        'Ţ' | 'ţ' | 'Ț' | 'ț' => b't',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ű' | 'ű' | 'Ů' | 'ů' => b'u',
        'Ý' | 'ý' | 'ÿ' => b'y',
        'Ź' | 'ź' | 'Ż' | 'ż' | 'Ž' | 'ž' => b'z',
        _ => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_found() {
        assert!(GIVEN_NAMES.is_sorted());
        for (word, found) in [
            ("Anna", true),
            ("ANNA", true),
            ("José", true),
            ("ZOÉ", true),
            ("Łukasz", true),
            ("", false),
            ("Menu", false),
            ("Zzzzzzzzzzzzzzzzzzzz", false),
        ] {
            assert_eq!(is_given_name(word.as_bytes()), found, "{word}");
        }
        assert!(!is_given_name(b"\xff"));
    }
}
