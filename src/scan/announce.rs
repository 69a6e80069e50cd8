//! The words behind which a value may stand, and how they are looked up.

use super::phrases::word_start;
use crate::classify::Tail;
use crate::finding::TypeId;
use crate::rules::SENTENCES;

/// Words behind which a value may stand.
pub(super) const WORDS: [(&[u8], Word); 225] = [
    (b"bearer", Word::Bearer),
    (b"basic", Word::Basic),
    (b"plain", Word::Sasl),
    (b"user", Word::User),
    (b"users", Word::User),
    (b"login", Word::User),
    (b"account", Word::User),
    (b"username", Word::User),
    (b"role", Word::Role),
    (b"for", Word::For),
    (b"by", Word::By),
    (b"as", Word::As),
    (b"connect", Word::Connect),
    (b"into", Word::Into),
    (b"password", Word::Password),
    (b"passwd", Word::Password),
    (b"secret", Word::Password),
    (b"pass", Word::Password),
    (b"get", Word::Method),
    (b"post", Word::Method),
    (b"put", Word::Method),
    (b"head", Word::Method),
    (b"-u", Word::ShortUser),
    (b"-p", Word::ShortPassword),
    (b"-w", Word::ShortPassword),
    (b"-a", Word::ShortPassword),
    (b"tel", Word::Phone),
    (b"telefon", Word::Phone),
    (b"phone", Word::Phone),
    (b"telephone", Word::Phone),
    (b"fax", Word::Phone),
    (b"mob", Word::Phone),
    (b"cel", Word::Phone),
    (b"cell", Word::Phone),
    (b"puh", Word::Phone),
    (b"mobile", Word::Phone),
    (b"mobil", Word::Phone),
    (b"handy", Word::Phone),
    (b"msisdn", Word::Phone),
    (b"caller", Word::Phone),
    (b"whatsapp", Word::Phone),
    (b"call", Word::Phone),
    (b"anruf", Word::Called),
    (b"llamada", Word::Called),
    (b"appel", Word::Called),
    (b"chiamata", Word::Called),
    (b"from", Word::From),
    (b"to", Word::To),
    (b"number", Word::Number),
    (b"sms", Word::Phone),
    (b"service", Word::Device),
    (b"with", Word::Device),
    (b"host", Word::Device),
    (b"hostname", Word::Device),
    (b"device", Word::Device),
    (b"name", Word::Device),
    (b"fused", Word::Fix),
    (b"gps", Word::Fix),
    (b"network", Word::Fix),
    (b"position", Word::Fix),
    (b"location", Word::Fix),
    (b"coordinates", Word::Fix),
    (b"coords", Word::Fix),
    (b"fix", Word::Fix),
    (b"gpsposition", Word::Fix),
    (b"standort", Word::Fix),
    (b"ubicacion", Word::Fix),
    (b"processing", Word::Processing),
    (b"imsi", Word::Imsi),
    (b"mac", Word::Mac),
    (b"bssid", Word::Mac),
    (b"sta", Word::Mac),
    (b"station", Word::Mac),
    (b"ap", Word::Mac),
    (b"client", Word::Mac),
    (b"address", Word::Address),
    (b"adresse", Word::Address),
    (b"iphone", Word::Owned),
    (b"ipad", Word::Owned),
    (b"pro", Word::Owned),
    (b"macbook", Word::Owned),
    (b"watch", Word::Owned),
    (b"imac", Word::Owned),
    (b"air", Word::Owned),
    (b"mini", Word::Owned),
    (b"connection", Word::Network),
    (b"point", Word::Network),
    (b"ssid", Word::Network),
    (b"imei", Word::Equipment),
    (b"udid", Word::Udid),
    (b"duid", Word::Udid),
    (b"idfa", Word::Udid),
    (b"idfv", Word::Udid),
    (b"gaid", Word::Udid),
    (b"vin", Word::Vin),
    (b"fahrgestellnummer", Word::Vin),
    (b"otp", Word::Otp),
    (b"verification", Word::Otp),
    (b"mei", Word::Equipment),
    (b"imeisv", Word::Equipment),
    (b"iccid", Word::Equipment),
    (b"meid", Word::Equipment),
    (b"aaid", Word::Udid),
    (b"adid", Word::Udid),
    (b"lookup", Word::Fix),
    (b"geocode", Word::Fix),
    (b"pickup", Word::Fix),
    (b"dropoff", Word::Fix),
    (b"waypoint", Word::Fix),
    (b"token", Word::Token),
    (b"key", Word::Key),
    (b"ecgi", Word::Cell),
    (b"tai", Word::Cell),
    (b"cgi", Word::Cell),
    // `Rückruf`: the letters behind the last that is not ASCII
    (b"ckruf", Word::Phone),
    (b"rueckruf", Word::Phone),
    (b"rappeler", Word::Phone),
    (b"unter", Word::Reached),
    (b"nummer", Word::Reached),
    (b"numer", Word::Reached),
    (b"klantnummer", Word::Customer),
    (b"klantnr", Word::Customer),
    (b"tac", Word::Cell),
    (b"lac", Word::Cell),
    (b"cid", Word::Cell),
    (b"eci", Word::Cell),
    (b"nci", Word::Cell),
    (b"administrator", Word::User),
    (b"benutzers", Word::Owner),
    (b"separator", Word::Separator),
    (b"using", Word::Using),
    (b"value", Word::Value),
    (b"pn", Word::Representation),
    (b"lo", Word::Representation),
    (b"da", Word::Representation),
    (b"sh", Word::Representation),
    (b"identity", Word::Identity),
    (b"principal", Word::Identity),
    (b"localhost", Word::Local),
    (b"lat", Word::Degrees),
    (b"latitude", Word::Degrees),
    (b"lon", Word::Degrees),
    (b"lng", Word::Degrees),
    (b"longitude", Word::Degrees),
    (b"auth", Word::Auth),
    (b"id", Word::Id),
    (b"benutzer", Word::User),
    (b"benutzername", Word::User),
    (b"nutzer", Word::User),
    (b"utilisateur", Word::User),
    (b"usuario", Word::User),
    (b"utilizador", Word::User),
    (b"utente", Word::User),
    (b"kundennummer", Word::Customer),
    (b"patientennummer", Word::Customer),
    (b"mitgliedsnummer", Word::Customer),
    (b"customer", Word::Customer),
    (b"patient", Word::Customer),
    (b"member", Word::Customer),
    (b"subscriber", Word::Customer),
    (b"employee", Word::Customer),
    (b"kunde", Word::Customer),
    (b"cliente", Word::Customer),
    (b"paciente", Word::Customer),
    (b"joined", Word::Played),
    (b"left", Word::Played),
    (b"player", Word::Player),
    (b"dr", Word::Title),
    (b"mr", Word::Title),
    (b"prof", Word::Title),
    (b"mrs", Word::Addressed),
    (b"sra", Word::Addressed),
    (b"frau", Word::Addressed),
    (b"herr", Word::Addressed),
    (b"herrn", Word::Addressed),
    (b"madame", Word::Addressed),
    (b"monsieur", Word::Addressed),
    (b"mme", Word::Addressed),
    (b"guest", Word::Title),
    (b"passenger", Word::Title),
    (b"driver", Word::Title),
    (b"kundin", Word::Title),
    (b"patientin", Word::Title),
    (b"mitarbeiter", Word::Title),
    (b"mitarbeiterin", Word::Title),
    (b"applicant", Word::Title),
    (b"student", Word::Title),
    (b"doctor", Word::Title),
    (b"courier", Word::Title),
    (b"nurse", Word::Title),
    (b"rufnummer", Word::Phone),
    (b"telefonnummer", Word::Phone),
    (b"handynummer", Word::Phone),
    (b"mobilnummer", Word::Phone),
    (b"celular", Word::Phone),
    (b"telefone", Word::Phone),
    (b"telefono", Word::Phone),
    (b"personalnummer", Word::Customer),
    (b"mitgliedsnr", Word::Customer),
    (b"mitarbeiternummer", Word::Customer),
    (b"matrikelnummer", Word::Customer),
    (b"versichertennummer", Word::Customer),
    (b"payee", Word::Title),
    (b"beneficiary", Word::Title),
    (b"beneficiario", Word::Title),
    (b"recipient", Word::Title),
    (b"practitioner", Word::Title),
    (b"physician", Word::Title),
    (b"cardholder", Word::Title),
    (b"titular", Word::Title),
    (b"titulaire", Word::Title),
    (b"demandeur", Word::Title),
    (b"kontoinhaber", Word::Title),
    (b"anschlussinhaber", Word::Title),
    (b"karteninhaber", Word::Title),
    (b"destinatario", Word::Title),
    (b"destinataire", Word::Title),
    (b"versicherter", Word::Title),
    (b"versicherte", Word::Title),
    (b"mieter", Word::Title),
    (b"locataire", Word::Title),
    (b"moderator", Word::User),
    (b"moderador", Word::User),
    (b"holder", Word::Title),
    (b"dear", Word::Title),
];

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Word {
    Bearer,
    Basic,
    /// `AUTH PLAIN …`
    Sasl,
    User,
    Role,
    For,
    By,
    As,
    Connect,
    /// `INSERT INTO …`
    Into,
    /// `username x password 7 y`
    Password,
    /// The method of a request in a proxy's log.
    Method,
    /// `curl -u name:password`
    ShortUser,
    /// `sshpass -p password`
    ShortPassword,
    Phone,
    /// `Anruf von … auf …`
    Called,
    /// `Rückruf unter 030 …`
    Reached,
    /// `called party number …`, `number +49…`
    Number,
    /// `call from …`
    From,
    /// `sms to …`, `denied to …`
    To,
    /// What may stand before somebody's device.
    Device,
    /// `Location[fused …`
    Fix,
    /// A call in FreeSWITCH's dial plan.
    Processing,
    Imsi,
    Mac,
    /// `network address 0x00005E005301`
    Address,
    /// The end of a device's name: `Annas-iPhone sshd[1]: …`.
    Owned,
    /// `starting connection 'x'`, `access point 'x'`
    Network,
    /// `des Benutzers anna`
    Owner,
    /// `IMEI 490154203237518`
    Equipment,
    /// `VIN WBA3A5C51CF256985 not found`
    Vin,
    /// `OTP 993112 sent`
    Otp,
    /// `UDID 00008030-001A35E40212802E`
    Udid,
    /// `ECGI 262-01-1a2b3c4`
    Cell,
    /// `topic x with token …`
    Token,
    /// `api key 4f8b2c1d7e9a4f0b8c2d1e7f`
    Key,
    /// `#separator \x09` of Zeek; `columns` reads what follows.
    Separator,
    /// `rejected value [x]`
    Value,
    /// `(0010,0010) PN [x]`
    Representation,
    /// `logged in using x, from …`
    Using,
    /// `identity 'x'`
    Identity,
    /// The host of a line of CUPS: `localhost - anna [28/Nov/2026:…`
    Local,
    /// `lat 48.137154, lon 11.576124`
    Degrees,
    /// `AUTH default x` of Redis
    Auth,
    /// `user id 88123`
    Id,
    /// `customer #4711`
    Customer,
    /// `Mr. John Smith`, `driver Hans Meier`: a given name and a family name
    Title,
    /// `Frau Müller`
    Addressed,
    /// `hanna_b joined the game`
    Played,
    /// `Player hanna_b has been authenticated`
    Player,
}

/// The words by a hash of their last eight bytes, those of sentences among them.
pub(super) struct Words(Box<[Slot; SLOTS]>);

/// More than twice as many as there are words.
const SLOTS: usize = 1024;

#[derive(Clone, Copy)]
struct Slot {
    /// The last bytes of the word, folded; 0 if the slot is empty.
    tail: u64,
    said: Said,
}

/// What is known of a word behind which a value may stand.
#[derive(Clone, Copy)]
pub(super) struct Said {
    word: &'static [u8],
    /// What it announces by itself.
    pub kind: Option<Word>,
    /// The sentences that are looked for from it.
    sentences: (u16, u16),
}

impl Said {
    /// The numbers of the sentences that are looked for from the word.
    pub fn sentences(self) -> std::ops::Range<usize> {
        usize::from(self.sentences.0)..usize::from(self.sentences.1)
    }
}

/// The last eight bytes of the word `text[start..end]`, folded.
#[inline(always)]
fn tail(text: &[u8], start: usize, end: usize) -> u64 {
    let folded = Tail::bytes_before(text, end) | 0x2020_2020_2020_2020;
    match end.saturating_sub(start) {
        0 => 0,
        length @ 1..8 => folded >> (64 - 8 * length),
        _ => folded,
    }
}

fn slot_of(tail: u64) -> usize {
    (tail.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOTS.trailing_zeros())) as usize
}

impl Words {
    pub fn new() -> Self {
        let none = Said { word: b"", kind: None, sentences: (0, 0) };
        let mut words = Self(Box::new([Slot { tail: 0, said: none }; SLOTS]));
        for (word, kind) in WORDS {
            words.said(word).kind = Some(kind);
        }
        let mut first = 0;
        for same in SENTENCES.chunk_by(|one, next| one.word == next.word) {
            let end = first + same.len() as u16;
            words.said(same[0].word.as_bytes()).sentences = (first, end);
            first = end;
        }
        words
    }

    /// What is known of a word, to be filled in.
    fn said(&mut self, word: &'static [u8]) -> &mut Said {
        let tail = tail(word, 0, word.len());
        let mut slot = slot_of(tail);
        while self.0[slot].tail != 0 && self.0[slot].said.word != word {
            slot = (slot + 1) % SLOTS;
        }
        self.0[slot].tail = tail;
        self.0[slot].said.word = word;
        &mut self.0[slot].said
    }

    /// Whether the word before the blank before `at` announces anything.
    pub fn announces(&self, text: &[u8], at: usize) -> bool {
        let Some(end) = at.checked_sub(1) else { return false };
        let start = word_start(text, end);
        let option = start.checked_sub(1).filter(|dash| end - start == 1 && text[*dash] == b'-');
        self.known(text, option.unwrap_or(start), end).is_some()
    }

    /// What the word `text[start..end]` of letters announces.
    #[inline]
    pub fn of(&self, text: &[u8], start: usize, end: usize) -> Option<Word> {
        self.known(text, start, end)?.kind
    }

    /// What is known of the word `text[start..end]` of letters.
    #[inline]
    pub fn known(&self, text: &[u8], start: usize, end: usize) -> Option<Said> {
        let tail = tail(text, start, end);
        let mut slot = slot_of(tail);
        while self.0[slot].tail != 0 {
            let Slot { tail: known, said } = self.0[slot];
            // eight letters may be the end of more
            let rest = said.word.len().saturating_sub(8);
            if known == tail
                && said.word.len() == end - start
                && (rest == 0 || text[start..start + rest].eq_ignore_ascii_case(&said.word[..rest]))
            {
                return Some(said);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

impl Word {
    /// The types that may stand behind the word.
    pub fn types(self) -> &'static [TypeId] {
        match self {
            Word::Reached => &[TypeId::PHONE],
            Word::Phone | Word::Called | Word::Processing => &[TypeId::PHONE, TypeId::NAME],
            Word::Number => {
                &[TypeId::PHONE, TypeId::BANK, TypeId::ACCOUNT_ID, TypeId::CARD, TypeId::NATIONAL_ID]
            }
            Word::From => &[
                TypeId::PHONE,
                TypeId::NAME,
                TypeId::DEVICE_NAME,
                TypeId::USERNAME,
                TypeId::ADDRESS,
                TypeId::DOB,
                TypeId::IBAN,
                TypeId::NATIONAL_ID,
                TypeId::BANK,
                TypeId::DEVICE_ID,
                TypeId::ACCOUNT_ID,
                TypeId::IMSI,
                TypeId::CELL_ID,
            ],
            Word::To => &[TypeId::PHONE, TypeId::NAME, TypeId::USERNAME, TypeId::SSID, TypeId::DEVICE_NAME],
            Word::Into | Word::Separator | Word::Value => &[],
            Word::Imsi => &[TypeId::IMSI],
            Word::Equipment => &[TypeId::IMEI, TypeId::IMEISV, TypeId::ICCID, TypeId::MEID],
            Word::Udid => &[TypeId::DEVICE_ID],
            Word::Vin => &[TypeId::VIN],
            Word::Otp => &[TypeId::PASSWORD],
            Word::Cell => &[TypeId::CELL_ID],
            Word::Token | Word::Key => &[TypeId::TOKEN],
            Word::Mac => {
                &[TypeId::MAC, TypeId::DEVICE_NAME, TypeId::USERNAME, TypeId::PASSWORD, TypeId::NAME]
            }
            Word::Address => &[TypeId::MAC, TypeId::ADDRESS],
            Word::Device => &[TypeId::DEVICE_NAME, TypeId::USERNAME, TypeId::SSID],
            Word::Owned => &[TypeId::DEVICE_NAME],
            Word::Fix | Word::Network | Word::Degrees => &[TypeId::GPS, TypeId::SSID],
            Word::Bearer | Word::Basic => &[TypeId::TOKEN, TypeId::PASSWORD],
            Word::Customer => &[TypeId::ACCOUNT_ID, TypeId::NAME, TypeId::IMSI],
            Word::Representation => {
                &[TypeId::NAME, TypeId::ACCOUNT_ID, TypeId::DOB, TypeId::ADDRESS, TypeId::PHONE]
            }
            Word::Title | Word::Addressed => &[TypeId::NAME],
            Word::Played | Word::Player => &[TypeId::USERNAME],
            Word::Id => &[TypeId::ACCOUNT_ID, TypeId::USERNAME, TypeId::COOKIE],
            _ => &[TypeId::USERNAME, TypeId::PASSWORD, TypeId::TOKEN, TypeId::DEVICE_NAME, TypeId::NAME],
        }
    }
}
