//! Detectors: one file a type. Each decides whether bytes at a place are what they look like.
//!
//! Two doors, both pure functions of the bytes:
//! * `at(text, at) -> Option<Match>`: a *shape* detector, called with the whole chunk and the place of a
//!   candidate; offsets in the answer are offsets into `text`. A line feed is always a border.
//! * `keyed(value) -> Option<Match>`: called with the exact bytes that stand under an accepted key;
//!   offsets in the answer are offsets into `value`.

pub(crate) mod account_id;
pub(crate) mod address;
pub(crate) mod authorization;
pub(crate) mod bank;
pub(crate) mod card;
pub(crate) mod cell_id;
pub(crate) mod cookie;
pub(crate) mod device_id;
pub(crate) mod device_name;
pub(crate) mod dob;
pub(crate) mod email;
pub(crate) mod gps;
pub(crate) mod home_dir;
pub(crate) mod hostname;
pub(crate) mod iban;
pub(crate) mod iccid;
pub(crate) mod imei;
pub(crate) mod imsi;
pub(crate) mod ip;
pub(crate) mod mac;
pub(crate) mod meid;
pub(crate) mod name;
pub(crate) mod national_id;
pub(crate) mod phone;
pub(crate) mod secret;
pub(crate) mod ssid;
pub(crate) mod text;
pub(crate) mod username;
pub(crate) mod uuid;
pub(crate) mod vendor;
pub(crate) mod vin;
pub(crate) mod wallet;
