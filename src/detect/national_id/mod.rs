//! National identity, tax, social insurance and health numbers, a family of countries a file.

mod american;
mod asian;
mod balkan;
mod bare;
mod benelux;
mod british;
mod candidate;
mod document;
mod eastern;
mod german;
mod nordic;
mod romance;
mod southern;
mod us;

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, RuleId};
use candidate::Candidate;

/// A check on a value under a key; the answer is the evidence.
type Check = fn(&Candidate) -> Option<Evidence>;

/// Which checks a rule runs. Keys of one name are used for more than one number, so that some rules
/// have several.
static CHECKS: &[(RuleId, &[Check])] = &[
    (rules::NATIONAL_ID_US_SSN, &[us::ssn, us::itin]),
    (rules::NATIONAL_ID_US_ITIN, &[us::itin, us::ssn]),
    (rules::NATIONAL_ID_US_NPI, &[us::npi]),
    (rules::NATIONAL_ID_US_MBI, &[us::mbi]),
    (rules::NATIONAL_ID_US_DEA, &[us::dea]),
    (rules::NATIONAL_ID_UK_NINO, &[british::uk_nino]),
    (rules::NATIONAL_ID_UK_NHS, &[british::uk_nhs]),
    (rules::NATIONAL_ID_IE_PPS, &[british::ie_pps]),
    (rules::NATIONAL_ID_DE_TAX, &[german::de_tax]),
    (rules::NATIONAL_ID_DE_ID, &[german::de_id]),
    (rules::NATIONAL_ID_DE_SVNR, &[german::de_svnr, german::at_svnr]),
    (rules::NATIONAL_ID_DE_KVNR, &[german::de_kvnr]),
    (rules::NATIONAL_ID_DE_LANR, &[german::de_lanr]),
    (rules::NATIONAL_ID_AT_SVNR, &[german::at_svnr]),
    (rules::NATIONAL_ID_CH_AHV, &[german::ch_ahv]),
    (rules::NATIONAL_ID_FR_NIR, &[romance::fr_nir]),
    (rules::NATIONAL_ID_ES_DNI, &[romance::es_dni, romance::es_nie, romance::pt_nif, romance::es_cif]),
    (rules::NATIONAL_ID_ES_NIE, &[romance::es_nie]),
    (rules::NATIONAL_ID_ES_NUSS, &[romance::es_nuss, romance::fr_nir]),
    (rules::NATIONAL_ID_PT_NIF, &[romance::pt_nif]),
    (rules::NATIONAL_ID_IT_CF, &[romance::it_cf, romance::it_vat]),
    (rules::NATIONAL_ID_RO_CNP, &[romance::ro_cnp]),
    (rules::NATIONAL_ID_NL_BSN, &[benelux::nl_bsn]),
    (rules::NATIONAL_ID_BE_NRN, &[benelux::be_nrn]),
    (rules::NATIONAL_ID_LU_NIN, &[benelux::lu_nin]),
    (rules::NATIONAL_ID_SE_PNR, &[nordic::se_pnr, nordic::se_org]),
    (rules::NATIONAL_ID_FI_HETU, &[nordic::fi_hetu]),
    (rules::NATIONAL_ID_NO_FNR, &[nordic::no_fnr]),
    (rules::NATIONAL_ID_DK_CPR, &[nordic::dk_cpr]),
    (rules::NATIONAL_ID_IS_KENNITALA, &[nordic::is_kennitala]),
    (rules::NATIONAL_ID_PL_PESEL, &[eastern::pl_pesel]),
    (rules::NATIONAL_ID_PL_NIP, &[eastern::pl_nip]),
    (rules::NATIONAL_ID_CZ_RC, &[eastern::cz_rc]),
    (rules::NATIONAL_ID_HU_ID, &[eastern::hu_id]),
    (rules::NATIONAL_ID_EE_CODE, &[eastern::ee_lt_code]),
    (rules::NATIONAL_ID_LV_CODE, &[eastern::lv_code]),
    (rules::NATIONAL_ID_UA_RNOKPP, &[eastern::ua_rnokpp]),
    (rules::NATIONAL_ID_RU_INN, &[eastern::ru_inn]),
    (rules::NATIONAL_ID_KZ_IIN, &[eastern::kz_iin]),
    (rules::NATIONAL_ID_BG_EGN, &[balkan::bg_egn]),
    (rules::NATIONAL_ID_HR_OIB, &[balkan::hr_oib]),
    (rules::NATIONAL_ID_SI_EMSO, &[balkan::si_emso]),
    (rules::NATIONAL_ID_GR_ID, &[balkan::gr_id]),
    (rules::NATIONAL_ID_TR_TCKN, &[balkan::tr_tckn]),
    (rules::NATIONAL_ID_BR_CPF, &[american::br_cpf]),
    (rules::NATIONAL_ID_BR_CNPJ, &[american::br_cpf]),
    (rules::NATIONAL_ID_CA_SIN, &[american::ca_sin]),
    (rules::NATIONAL_ID_MX_CURP, &[american::mx_curp]),
    (rules::NATIONAL_ID_CL_RUT, &[american::cl_rut]),
    (rules::NATIONAL_ID_AR_CUIL, &[american::ar_cuil]),
    (rules::NATIONAL_ID_EC_CEDULA, &[american::ec_cedula]),
    (rules::NATIONAL_ID_UY_CI, &[american::uy_ci]),
    (rules::NATIONAL_ID_IN_AADHAAR, &[asian::in_aadhaar]),
    (rules::NATIONAL_ID_IN_PAN, &[asian::in_pan, asian::in_gstin]),
    (rules::NATIONAL_ID_IN_GSTIN, &[asian::in_gstin]),
    (rules::NATIONAL_ID_IN_VOTER, &[asian::in_voter]),
    (rules::NATIONAL_ID_CN_RIC, &[asian::cn_ric]),
    (rules::NATIONAL_ID_TW_ID, &[asian::tw_id]),
    (rules::NATIONAL_ID_HK_ID, &[asian::hk_id]),
    (rules::NATIONAL_ID_JP_MY_NUMBER, &[asian::jp_my_number]),
    (rules::NATIONAL_ID_KR_RRN, &[asian::kr_rrn]),
    (rules::NATIONAL_ID_TH_ID, &[asian::th_id]),
    (rules::NATIONAL_ID_SG_NRIC, &[asian::sg_nric]),
    (rules::NATIONAL_ID_MY_KAD, &[asian::my_kad]),
    (rules::NATIONAL_ID_IL_ID, &[asian::il_id]),
    (rules::NATIONAL_ID_AU_TFN, &[southern::au_tfn]),
    (rules::NATIONAL_ID_AU_MEDICARE, &[southern::au_medicare]),
    (rules::NATIONAL_ID_AU_ABN, &[southern::au_abn]),
    (rules::NATIONAL_ID_NZ_IRD, &[southern::nz_ird]),
    (rules::NATIONAL_ID_ZA_ID, &[southern::za_id]),
    (rules::NATIONAL_ID_PASSPORT, &[document::number]),
    (rules::NATIONAL_ID_DRIVING_LICENCE, &[document::number]),
];

/// The national number whose first letter or digit stands at `at`, if it cannot be anything else: a
/// form that only it is written in, its check, and nothing glued to it.
///
/// Call it at the start of a run of letters and digits.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    bare::at(text, at)
}

/// The national number in a value under a key. The rule says which country's check applies;
/// `national-id` means any, and any document number (a passport, a driving licence) where none does.
pub(crate) fn keyed(value: &[u8], rule: RuleId) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let word = value.trim_ascii();
    // `Customer(fnr=05058502229)`: the bracket that closes an object; Hong Kong's check digit has its own
    let word = if word.contains(&b'(') { word } else { word.strip_suffix(b")").unwrap_or(word) };
    let candidate = Candidate::new(word)?;
    let any = rule == rules::NATIONAL_ID;
    let evidence = CHECKS
        .iter()
        .filter(|(id, _)| any || *id == rule)
        .flat_map(|(_, checks)| checks.iter())
        .find_map(|check| check(&candidate))?;
    let checked = !Evidence::SHAPE.and(Evidence::STRUCTURE).has(evidence);
    let confidence = if checked && !any {
        94
    } else if checked {
        90
    } else {
        84
    };
    let end = start + candidate.raw.len();
    let evidence = evidence.and(Evidence::KEY);
    Some(Match { start, end, kind: TypeId::NATIONAL_ID, rule, confidence, evidence })
}

/// A line of the machine readable zone of a passport, visa or card (ICAO Doc 9303): 30 to 44 capitals, digits and
/// fillers.
pub(crate) fn machine_readable(value: &[u8]) -> Option<Match> {
    let is_symbol = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'<';
    let is_line = (28..=92).contains(&value.len())
        && value.iter().all(|b| is_symbol(b) || matches!(b, b'\\' | b'n'))
        && value.contains(&b'<');
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let (kind, rule) = (TypeId::NATIONAL_ID, rules::NATIONAL_ID);
    is_line.then_some(Match { start: 0, end: value.len(), kind, rule, confidence: 90, evidence })
}

/// The national number at the start of a text that goes on (`aadhaar_number=2341 2341 2346 kyc=done`,
/// `SSN 536-90-4399 rejected`): the longest run of words of digits and capitals that passes the check.
pub(crate) fn leading(text: &[u8], rule: RuleId) -> Option<Match> {
    let mut ends = [0usize; MAX_WORDS];
    let mut count = 0;
    let mut at = 0;
    for word in text.get(..text.len().min(MAX_LEADING_BYTES))?.split(|b| *b == b' ').take(MAX_WORDS) {
        let trimmed = word.iter().rposition(|b| b.is_ascii_alphanumeric()).map_or(0, |p| p + 1);
        let body = word.get(..trimmed)?;
        let is_symbol =
            |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'/' | b'+');
        let is_part = body.iter().any(u8::is_ascii_digit) || body.len() <= 2;
        if body.is_empty() || !is_part || !body.iter().all(is_symbol) {
            break;
        }
        *ends.get_mut(count)? = at + trimmed;
        count += 1;
        at += word.len() + 1;
        if trimmed != word.len() {
            break;
        }
    }
    ends.get(..count)?.iter().rev().find_map(|end| keyed(text.get(..*end)?, rule))
}

/// The most words and bytes of a number that is written in groups.
const MAX_WORDS: usize = 8;
const MAX_LEADING_BYTES: usize = 40;

#[cfg(test)]
mod tests;
