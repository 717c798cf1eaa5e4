//! The contract's files are what the types say.

use expect_test::expect_file;
use maitred::surface::documents;

#[test]
fn the_openapi_document_is_the_one_that_is_committed() {
    let text = serde_json::to_string_pretty(&documents().openapi).unwrap() + "\n";
    expect_file!["../../../../docs/openapi.json"].assert_eq(&text);
}

#[test]
fn the_asyncapi_document_is_the_one_that_is_committed() {
    let text = serde_json::to_string_pretty(&documents().asyncapi).unwrap() + "\n";
    expect_file!["../../../../docs/asyncapi.json"].assert_eq(&text);
}
