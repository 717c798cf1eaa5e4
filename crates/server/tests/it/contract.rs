//! The contract's files are what the types say.

use expect_test::expect_file;
use maitred::surface::v1;

#[test]
fn the_openapi_document_is_the_one_that_is_committed() {
    let (_, documented) = v1::routes();
    let openapi = v1::openapi(&documented);
    let text = serde_json::to_string_pretty(&openapi).unwrap() + "\n";
    expect_file!["../../../../docs/openapi.json"].assert_eq(&text);
}

#[test]
fn the_asyncapi_document_is_the_one_that_is_committed() {
    let (_, documented) = v1::routes();
    let asyncapi = v1::asyncapi(&v1::openapi(&documented));
    let text = serde_json::to_string_pretty(&asyncapi).unwrap() + "\n";
    expect_file!["../../../../docs/asyncapi.json"].assert_eq(&text);
}
