//! Generated from `patterns/data/mobile-codes.toml`; do not edit by hand.

use super::{DataMeta, IMSI, Proof};

/// Mobile country codes.
#[rustfmt::skip]
pub(crate) static MOBILE_COUNTRIES: &[u16] = &[1, 202, 204, 206, 208, 212, 213, 214, 216, 218, 219, 220, 221, 222, 225, 226, 228, 230, 231, 232, 234, 235, 238, 240, 242, 244, 246, 247, 248, 250, 255, 257, 259, 260, 262, 266, 268, 270, 272, 274, 276, 278, 280, 282, 283, 284, 286, 288, 289, 290, 292, 293, 294, 295, 297, 302, 308, 310, 311, 312, 313, 314, 315, 316, 330, 332, 334, 338, 340, 342, 344, 346, 348, 350, 352, 354, 356, 358, 360, 362, 363, 364, 365, 366, 368, 370, 372, 374, 376, 400, 401, 402, 404, 405, 406, 410, 412, 413, 414, 415, 416, 417, 418, 419, 420, 421, 422, 424, 425, 426, 427, 428, 429, 430, 431, 432, 434, 436, 437, 438, 440, 441, 450, 452, 454, 455, 456, 457, 460, 461, 466, 467, 470, 472, 502, 505, 510, 514, 515, 520, 525, 528, 530, 534, 535, 536, 537, 539, 540, 541, 542, 543, 544, 545, 546, 547, 548, 549, 550, 551, 552, 553, 554, 555, 602, 603, 604, 605, 606, 607, 608, 609, 610, 611, 612, 613, 614, 615, 616, 617, 618, 619, 620, 621, 622, 623, 624, 625, 626, 627, 628, 629, 630, 631, 632, 633, 634, 635, 636, 637, 638, 639, 640, 641, 642, 643, 645, 646, 647, 648, 649, 650, 651, 652, 653, 654, 655, 657, 658, 659, 702, 704, 706, 708, 710, 712, 714, 716, 722, 724, 730, 732, 734, 736, 738, 740, 742, 744, 746, 748, 750, 901, 991, 995, 999];

/// Country codes whose network codes have three digits throughout.
#[rustfmt::skip]
pub(crate) static THREE_DIGIT_NETWORKS: &[u16] = &[302, 310, 311, 312, 313, 314, 315, 316, 334, 338, 342, 344, 346, 348, 352, 356, 358, 708, 722, 732, 750];

/// The row of each entry, by its place in [`ABOUT`].
#[rustfmt::skip]
pub(crate) static ROWS: &[u8] = &[0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7];

/// What is known of each row.
#[rustfmt::skip]
pub(crate) static ABOUT: &[DataMeta] = &[
    DataMeta {
        id: "mobile/test",
        proof: Proof::Rule(IMSI),
        description: "Test networks.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=001010987654321", "IMSI: 001010987654321"],
        non_matches: &["imsi=002010987654321", "imsi=0010109876543210"],
    },
    DataMeta {
        id: "mobile/europe",
        proof: Proof::Rule(IMSI),
        description: "Europe.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=202010987654321", "IMSI: 297010987654321"],
        non_matches: &["imsi=200010987654321", "imsi=2020109876543210"],
    },
    DataMeta {
        id: "mobile/north-america",
        proof: Proof::Rule(IMSI),
        description: "North America and the Caribbean.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=302010987654321", "IMSI: 376010987654321"],
        non_matches: &["imsi=300010987654321", "imsi=302000987654321"],
    },
    DataMeta {
        id: "mobile/asia",
        proof: Proof::Rule(IMSI),
        description: "Asia and the Middle East.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=400010987654321", "IMSI: 472010987654321"],
        non_matches: &["imsi=403010987654321", "imsi=4000109876543210"],
    },
    DataMeta {
        id: "mobile/oceania",
        proof: Proof::Rule(IMSI),
        description: "Australia, Oceania and South-East Asia.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=502010987654321", "IMSI: 555010987654321"],
        non_matches: &["imsi=500010987654321", "imsi=5020109876543210"],
    },
    DataMeta {
        id: "mobile/africa",
        proof: Proof::Rule(IMSI),
        description: "Africa.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=602010987654321", "IMSI: 659010987654321"],
        non_matches: &["imsi=600010987654321", "imsi=6020109876543210"],
    },
    DataMeta {
        id: "mobile/south-america",
        proof: Proof::Rule(IMSI),
        description: "South and Central America.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=702010987654321", "IMSI: 750010987654321"],
        non_matches: &["imsi=700010987654321", "imsi=708000987654321"],
    },
    DataMeta {
        id: "mobile/world",
        proof: Proof::Rule(IMSI),
        description: "Worldwide and shared networks.",
        reference: "ITU-T E.212, annex to the Operational Bulletin: mobile country and network codes",
        tags: &["gdpr", "ccpa", "hipaa-safe-harbor"],
        since: "2026.11",
        matches: &["imsi=901010987654321", "IMSI: 999010987654321"],
        non_matches: &["imsi=900010987654321", "imsi=9010109876543210"],
    },
];
