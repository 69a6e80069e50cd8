//! The built-in rules' names, in the order of their numbers.

use super::RuleId;

macro_rules! rules {
    ($($name:ident = $id:literal,)*) => {
        /// Names of the built-in rules; a rule's number is its place here.
        pub(crate) static RULE_NAMES: &[&str] = &[$($id),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($name),* }
        $(
            #[doc = concat!("`", $id, "`")]
            pub const $name: RuleId = RuleId(Place::$name as u16);
        )*
    };
}

rules! {
    IP = "ip",
    MAC = "mac",
    HOSTNAME_IP = "hostname-ip",
    EMAIL = "email",
    PHONE = "phone",
    NAME = "name",
    ADDRESS = "address",
    DOB = "dob",
    CARD = "card",
    CARD_CVV = "card/cvv",
    CARD_EXPIRY = "card/expiry",
    IBAN = "iban",
    BANK = "bank",
    IMEI = "imei",
    IMEISV = "imeisv",
    MEID = "meid",
    IMSI = "imsi",
    ICCID = "iccid",
    DEVICE_ID = "device-id",
    DEVICE_NAME = "device-name",
    UUID = "uuid",
    USER_AGENT = "user-agent",
    VIN = "vin",
    GPS = "gps",
    CELL_ID = "cell-id",
    SSID = "ssid",
    COOKIE = "cookie",
    TOKEN = "token",
    TOKEN_JWT = "token/jwt",
    TOKEN_VENDOR = "token/vendor",
    TOKEN_AUTH_HEADER = "token/auth-header",
    TOKEN_PEM = "token/pem",
    PASSWORD = "password",
    URL_USERINFO = "url-userinfo",
    USERNAME = "username",
    USERNAME_PHRASE = "username/phrase",
    USERNAME_CLF = "username/clf",
    ACCOUNT_ID = "account-id",
    NATIONAL_ID = "national-id",
    NATIONAL_ID_US_SSN = "national-id/us-ssn",
    NATIONAL_ID_US_ITIN = "national-id/us-itin",
    NATIONAL_ID_UK_NINO = "national-id/uk-nino",
    NATIONAL_ID_UK_NHS = "national-id/uk-nhs",
    NATIONAL_ID_DE_TAX = "national-id/de-tax",
    NATIONAL_ID_DE_ID = "national-id/de-id",
    NATIONAL_ID_DE_SVNR = "national-id/de-svnr",
    NATIONAL_ID_FR_NIR = "national-id/fr-nir",
    NATIONAL_ID_ES_DNI = "national-id/es-dni",
    NATIONAL_ID_ES_NIE = "national-id/es-nie",
    NATIONAL_ID_IT_CF = "national-id/it-cf",
    NATIONAL_ID_NL_BSN = "national-id/nl-bsn",
    NATIONAL_ID_BE_NRN = "national-id/be-nrn",
    NATIONAL_ID_PL_PESEL = "national-id/pl-pesel",
    NATIONAL_ID_SE_PNR = "national-id/se-pnr",
    NATIONAL_ID_BR_CPF = "national-id/br-cpf",
    NATIONAL_ID_IN_AADHAAR = "national-id/in-aadhaar",
    NATIONAL_ID_IN_PAN = "national-id/in-pan",
    NATIONAL_ID_CN_RIC = "national-id/cn-ric",
    HOME_DIR = "home-dir",
    WALLET = "wallet",
    QUERY = "query",
    FREE_TEXT = "free-text",
    SENSITIVE = "sensitive",
    CLICK_ID = "click-id",
    VETO = "veto",
}
