//! The JSON Schema of a policy file, made from the types that read it.

use crate::policy::raw::RawPolicy;

/// The JSON Schema (draft 2020-12) of a policy file, for editors and checks.
pub fn schema() -> String {
    let schema = schemars::schema_for!(RawPolicy);
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_knows_every_table() {
        let schema: serde_json::Value = serde_json::from_str(&super::schema()).unwrap();
        for key in
            ["types", "groups", "paths", "query", "cookies", "headers", "allow", "forbidden", "when", "test"]
        {
            assert!(schema["properties"][key]["description"].is_string(), "{key}");
        }
        assert_eq!(schema["additionalProperties"], false);
    }
}
