//! Common given names of Europe, the Americas and Asia, for names that stand under no person's key.
//!
//! Chosen by hand among the commonest ones; words that also name things (`page`, `mark` alone, `ruby`)
//! only count together with a family name, which the detector asks for.

/// In lower case without accents, sorted.
#[rustfmt::skip]
pub(crate) static GIVEN_NAMES: [&str; 1318] = [
    "aaron", "abdul", "abdullah", "abigail", "adam", "adele", "adrian", "adriana", "afonso", "agata",
    "agnes", "agnieszka", "ahmed", "aidan", "aiden", "aiko", "ailsa", "aino", "aisha", "akira", "alain",
    "alan", "alba", "albert", "alberto", "aldo", "alejandro", "aleksander", "aleksandra", "alena",
    "alessandra", "alessandro", "alex", "alexander", "alexandra", "alexandre", "alexandru", "alexei",
    "alfonso", "alfred", "alfredo", "ali", "alice", "alicia", "alina", "alisa", "alison", "alistair",
    "allison", "alois", "aloys", "alvaro", "amalia", "amanda", "amelia", "amelie", "amina", "amir", "amit",
    "amrita", "amy", "ana", "anais", "ananya", "anastasia", "anders", "andras", "andre", "andrea",
    "andreas", "andreea", "andrei", "andrej", "andres", "andrew", "andrzej", "andy", "angela", "angelica",
    "angelika", "angelo", "angus", "aniket", "aniko", "anil", "anish", "anita", "anja", "anjali", "anke",
    "ankit", "ann", "anna", "annabelle", "annalena", "anne", "anneliese", "annemarie", "annette", "annika",
    "anouk", "ansgar", "anthony", "antje", "antoine", "anton", "antonella", "antonia", "antonio", "antti",
    "anushka", "anya", "aoife", "apolonia", "archie", "arjun", "arnaud", "arne", "arno", "arthur", "arturo",
    "arun", "arvid", "asger", "asha", "ashley", "ashok", "asif", "astrid", "augusto", "aurelie", "axel",
    "ayesha", "aylin", "ayse", "balazs", "barbara", "barbora", "bart", "bartosz", "bastian", "bea", "beata",
    "beate", "beatrice", "beatrix", "beatriz", "begona", "ben", "benedikt", "benjamin", "benoit", "bente",
    "berit", "bernard", "bernd", "berta", "bertrand", "bettina", "betty", "beverly", "bhavna", "bianca",
    "birgit", "birte", "bjarke", "bjarne", "bjorn", "blanca", "bob", "bodil", "bogdan", "boris", "bozena",
    "brandon", "branislav", "brenda", "brendan", "brian", "bridget", "brigitte", "britta", "brittany",
    "bruce", "bruno", "burak", "caitlin", "callum", "camila", "camille", "candice", "carina", "carl",
    "carla", "carlo", "carlos", "carlotta", "carmen", "carol", "carolina", "caroline", "carolyn", "carsten",
    "catarina", "catherine", "cecilia", "cedric", "celine", "cem", "cesar", "chantal", "charles",
    "charlotte", "cheryl", "chiara", "chloe", "chris", "christa", "christelle", "christian", "christiane",
    "christina", "christine", "christof", "christoph", "christopher", "ciaran", "cigdem", "cindy", "claire",
    "clara", "clarissa", "claudia", "claudio", "claus", "clemens", "clement", "colin", "conor",
    "constantin", "cora", "corinna", "cornelia", "craig", "cristina", "cynthia", "dagmar", "daisuke",
    "damian", "damien", "daniel", "daniela", "danielle", "danilo", "danuta", "dariusz", "darren", "dave",
    "david", "dawid", "debbie", "deborah", "debra", "deepak", "deepika", "denis", "denise", "deniz",
    "dennis", "derek", "derya", "detlef", "devika", "diana", "diane", "didier", "diego", "dieter", "dilip",
    "dimitri", "dina", "diogo", "dirk", "divya", "dmitri", "dmitry", "dolores", "domenico", "dominic",
    "dominik", "dominique", "donald", "donna", "doris", "dorota", "dorothea", "dorothy", "doug", "douglas",
    "dragan", "duncan", "dusan", "dustin", "dylan", "eberhard", "ebru", "eckhard", "edgar", "edith",
    "edmund", "edouard", "eduard", "eduardo", "edward", "edwin", "eero", "eike", "eileen", "eirik",
    "ekaterina", "elaine", "eleanor", "elena", "eleni", "eleonora", "elfriede", "elias", "elif", "elin",
    "elina", "elisa", "elisabeth", "elise", "elizabeta", "elizabeth", "elke", "ella", "ellen", "elodie",
    "eloise", "elsa", "elvira", "elzbieta", "emanuel", "emiko", "emil", "emile", "emilia", "emilie",
    "emilio", "emily", "emine", "emma", "emre", "enrico", "enrique", "eoin", "eric", "erica", "erich",
    "erik", "erika", "erin", "ernesto", "ernst", "erwin", "esra", "esteban", "estelle", "esther", "ethan",
    "etienne", "eugen", "eugene", "eugenia", "eva", "eveline", "evelyn", "ewa", "fabian", "fabio",
    "fabrice", "faisal", "farah", "fatima", "fatma", "federica", "federico", "felipe", "felix", "ferdinand",
    "fernanda", "fernando", "filip", "finn", "fiona", "flavia", "florian", "floriane", "frances",
    "francesca", "francesco", "francisco", "franck", "francois", "francoise", "frank", "franz", "franziska",
    "frauke", "fred", "freddie", "frederic", "frederick", "frederik", "fredrik", "freja", "freya", "frida",
    "frieda", "friedrich", "fritz", "gabi", "gabriel", "gabriela", "gabriele", "gael", "gaelle", "galina",
    "gareth", "gary", "gavin", "genevieve", "geoffrey", "georg", "george", "georgina", "gerald", "gerard",
    "gerda", "gerhard", "gerlinde", "gert", "gianluca", "gilbert", "gilles", "gina", "giorgio", "giovanni",
    "gisela", "giulia", "giuliana", "giuseppe", "glenn", "gloria", "gokhan", "goncalo", "gonzalo", "goran",
    "gordon", "grace", "graham", "gregor", "gregory", "greta", "grzegorz", "guadalupe", "gudrun", "guido",
    "guillaume", "guillermo", "gunnar", "gunter", "gunther", "gustav", "gustavo", "gwen", "gwenaelle",
    "hailey", "hakan", "halina", "hamid", "hamza", "hana", "hanna", "hannah", "hanne", "hannelore", "hans",
    "harald", "harold", "harriet", "harry", "hartmut", "haruka", "haruto", "hasan", "hassan", "hatice",
    "heather", "hector", "heidi", "heike", "heikki", "heiko", "heiner", "heinrich", "heinz", "helen",
    "helena", "helene", "helga", "helmut", "heloise", "hendrik", "henk", "henri", "henriette", "henrik",
    "henrique", "henry", "herbert", "hermann", "herta", "hertha", "hilda", "hilde", "hiro", "hiroshi",
    "holger", "horst", "hortense", "howard", "hubert", "hugo", "huseyin", "hussein", "ian", "ibrahim",
    "ida", "igor", "ilona", "ilse", "imogen", "imran", "inaki", "ines", "inga", "inge", "ingeborg",
    "ingmar", "ingo", "ingrid", "inigo", "irena", "irene", "irina", "isaac", "isabel", "isabella",
    "isabelle", "isak", "isla", "ismail", "istvan", "ivan", "ivana", "ivo", "iwona", "jaakko", "jacek",
    "jack", "jacob", "jacqueline", "jacques", "jaime", "jakob", "jakub", "jamal", "james", "jan", "jana",
    "jane", "janek", "janet", "janice", "janina", "jannik", "jarek", "jaroslav", "jasmin", "jason",
    "javier", "jean", "jeanette", "jeanne", "jeff", "jeffrey", "jelena", "jennifer", "jenny", "jens",
    "jeremy", "jerome", "jerry", "jesper", "jesse", "jessica", "jill", "jim", "jiri", "jisoo", "joachim",
    "joan", "joana", "joanna", "joanne", "joao", "joaquim", "joaquin", "jochen", "joe", "joel", "joelle",
    "joey", "johan", "johann", "johanna", "johannes", "john", "jolanta", "jon", "jonas", "jonathan",
    "jordi", "jorg", "jorge", "jorgen", "joris", "jose", "josef", "josefine", "joseph", "josephine",
    "josette", "joshua", "josip", "joyce", "jozef", "juan", "juana", "judith", "judy", "juergen", "juha",
    "julia", "julian", "juliana", "juliane", "julie", "julien", "juliette", "julio", "jurgen", "jussi",
    "justin", "justyna", "jutta", "kacper", "kai", "kaitlyn", "kamal", "kamil", "karen", "karim", "karin",
    "karina", "karl", "karolina", "karsten", "karthik", "kaspar", "kasper", "katarzyna", "kate", "katerina",
    "katharina", "katherine", "kathleen", "kathrin", "kathryn", "kathy", "katie", "katja", "katrin",
    "kavita", "kayla", "keiko", "keith", "kelly", "kemal", "ken", "kenji", "kenneth", "kenta", "kerstin",
    "kevin", "khalid", "kim", "kimberly", "kinga", "kiran", "kirsten", "kirsty", "klaus", "knut", "konrad",
    "konstantin", "kristen", "kristian", "kristin", "kristina", "kristof", "krystyna", "krzysztof", "kurt",
    "kyle", "lajos", "lakshman", "lakshmi", "larissa", "larry", "lars", "laszlo", "laura", "lauren",
    "laurence", "laurent", "laurie", "lawrence", "layla", "lea", "leandro", "leif", "leila", "lena",
    "lenka", "leo", "leon", "leonard", "leonardo", "leonid", "leonie", "leonor", "leopold", "leroy",
    "leticia", "leyla", "li", "liam", "lidia", "liesel", "lieselotte", "liisa", "lilian", "lilly", "lina",
    "linda", "linnea", "linus", "lisa", "liz", "lorenzo", "lori", "lothar", "louis", "louise", "lubos",
    "luca", "lucas", "lucia", "luciana", "lucie", "lucien", "lucy", "ludmila", "ludwig", "luigi", "luis",
    "luisa", "luiz", "luiza", "luka", "lukas", "lukasz", "luke", "lutz", "lydia", "lynn", "maarten",
    "maciej", "madeleine", "maelle", "magda", "magdalena", "magnus", "mahmoud", "maik", "maike", "maite",
    "maja", "malgorzata", "malin", "malte", "mandy", "manfred", "manoj", "manon", "manuel", "manuela",
    "marc", "marcel", "marcela", "marcelo", "marcin", "marco", "marcus", "marek", "margaret", "margarita",
    "margaux", "margit", "margot", "margret", "marguerite", "maria", "mariam", "marian", "mariana",
    "marianne", "marie", "marijke", "marilyn", "marina", "mario", "marion", "marisa", "marit", "marius",
    "marja", "mark", "marko", "markus", "marlene", "marlies", "marta", "martha", "martin", "martina",
    "mary", "matej", "mateusz", "mathias", "mathieu", "mathilda", "mathilde", "matilda", "matilde", "mats",
    "matt", "matteo", "matthew", "matthias", "matthieu", "matti", "maureen", "maurice", "mauricio", "max",
    "maxim", "maxime", "maximilian", "meera", "megan", "mehdi", "mehmet", "meike", "melanie", "melinda",
    "melissa", "meredith", "merve", "mette", "mia", "michael", "michaela", "michal", "michel", "michele",
    "michelle", "miguel", "mihai", "mikael", "mike", "mikhail", "mikkel", "mikko", "mila", "milan",
    "milena", "milica", "milos", "minho", "miriam", "mirjana", "mirko", "miroslav", "mohamed", "mohammad",
    "mohammed", "mona", "monica", "monika", "moritz", "morten", "muhammad", "murat", "mustafa", "nadege",
    "nadia", "nadine", "nadja", "nancy", "naoko", "naomi", "natalia", "natalie", "natasha", "nathalie",
    "nathan", "neha", "neil", "niamh", "nicholas", "nick", "nicola", "nicolai", "nicolas", "nicole",
    "niels", "nikhil", "niklas", "nikola", "nikolai", "nikolaus", "nils", "nina", "nino", "noah", "noemi",
    "noemie", "nora", "norbert", "norma", "nuno", "nuria", "oceane", "odile", "oksana", "olaf", "ole",
    "oleg", "olena", "olga", "oliver", "olivia", "olivier", "oliwia", "olof", "omar", "omer", "ondrej",
    "ophelie", "oscar", "oskar", "osman", "ottilie", "otto", "ottokar", "owen", "ozlem", "pablo", "padraig",
    "paivi", "pamela", "paola", "paolo", "pascal", "patrice", "patricia", "patrick", "patrik", "paul",
    "paula", "paulina", "pauline", "paulo", "pavel", "pawel", "pedro", "peggy", "pekka", "petar", "peter",
    "petr", "petra", "philip", "philipp", "philippe", "pia", "pierre", "pieter", "pietro", "pilar", "piotr",
    "pooja", "poppy", "pradeep", "prakash", "pranav", "priya", "priyanka", "przemyslaw", "rachel", "radek",
    "rafael", "rafal", "raffaella", "rahul", "raimund", "rainer", "raj", "rajesh", "ralf", "ralph",
    "ramesh", "ramiro", "ramon", "rania", "raphael", "raquel", "rasmus", "raul", "ravi", "raymond",
    "rebecca", "reiner", "reinhard", "reinhold", "renata", "renate", "rene", "rhys", "ricardo", "riccardo",
    "richard", "riikka", "rita", "robert", "roberto", "robin", "rocio", "rodrigo", "roger", "rohan",
    "rohit", "roisin", "roland", "rolf", "romain", "roman", "romeo", "ronald", "ronny", "rosa", "rosalie",
    "rosario", "rose", "rosemarie", "rosie", "roswitha", "ruben", "rudolf", "rui", "rupert", "russell",
    "ruth", "ruud", "ryan", "sabina", "sabine", "sabrina", "sakura", "salma", "salvatore", "sam",
    "samantha", "samir", "samira", "samuel", "sandeep", "sandra", "sandrine", "sandro", "sanjay", "sanna",
    "saoirse", "sara", "sarah", "sascha", "sashi", "satoshi", "scott", "sean", "sebastian", "sebastien",
    "selin", "senthil", "serena", "sergei", "sergey", "sergio", "serkan", "severine", "sevgi", "shane",
    "shannon", "sharon", "sheila", "shirley", "shreya", "sibylle", "siddharth", "siegfried", "sigrid",
    "silke", "silvia", "silvio", "simon", "simona", "simone", "sinead", "siobhan", "slavica", "sneha",
    "snezana", "sofia", "sofie", "soledad", "solene", "solveig", "sonia", "sonja", "sophia", "sophie",
    "soren", "stanislaw", "stefan", "stefania", "stefanie", "stefano", "steffen", "stella", "stephan",
    "stephane", "stephanie", "stephen", "steve", "steven", "stig", "stuart", "sunil", "sunita", "suresh",
    "susan", "susana", "susanne", "sven", "svenja", "svetlana", "swen", "sylvain", "sylvia", "sylvie",
    "tadeusz", "takashi", "takumi", "tamara", "tanja", "tariq", "tatiana", "teresa", "tereza", "terry",
    "thea", "theo", "theodor", "theresa", "therese", "thiago", "thibault", "thibaut", "thierry", "thomas",
    "thorsten", "tiago", "tiffany", "tiina", "tilman", "tim", "timo", "timothy", "tina", "tobias", "todd",
    "tolga", "tom", "tomas", "tomasz", "tomislav", "tommaso", "toni", "tony", "torben", "torsten", "tracy",
    "trevor", "tuomas", "tyler", "ulf", "ulla", "ulrich", "ulrike", "umit", "ursula", "ute", "uwe",
    "vaclav", "valentin", "valentina", "valeria", "valerie", "vanessa", "varun", "venkat", "vera", "verena",
    "veronica", "veronika", "veronique", "vicente", "victor", "victoria", "vijay", "vikram", "viktor",
    "vincent", "vincenzo", "vitoria", "vivek", "vivian", "vladimir", "vojtech", "volkan", "volker",
    "walter", "waltraud", "wanda", "wendy", "werner", "wiebke", "wilfried", "wilhelm", "wilhelmina",
    "willem", "william", "willie", "wladyslaw", "wojciech", "wolfgang", "xavier", "ximena", "yannick",
    "yasmin", "yohan", "yolanda", "younes", "youssef", "yuki", "yulia", "yuri", "yusuf", "yuto", "yvette",
    "yvonne", "zachary", "zainab", "zaneta", "zbigniew", "zdenek", "zeynep", "zoe", "zofia", "zoltan",
    "zoran", "zsofia", "zuzana", "zuzanna",
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
pub(crate) fn without_accent(letter: char) -> Option<u8> {
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
