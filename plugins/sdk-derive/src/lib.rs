//! `#[derive(Params)]`: the JSON Schema of a judge's parameters, from their type.
//!
//! Documented where authors meet it, in `yardstick-sdk`. What serde is told of a field is read here too (`rename`,
//! `rename_all`, `default`, `skip`), so that schema and reading cannot disagree; what serde can do beyond that is
//! refused rather than ignored.

mod bounds;
mod cases;
mod fields;
mod serde_words;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Lit, Meta, parse_macro_input};

/// Derives `yardstick_sdk::Params` for a struct with named fields, or the schema of an enum without fields.
#[proc_macro_derive(Params, attributes(params, serde))]
pub fn params(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    derived(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn derived(input: &DeriveInput) -> Result<Tokens, Error> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "parameters of a judge have no generics"));
    }
    let name = &input.ident;
    let schema = match &input.data {
        Data::Struct(data) => fields::schema(input, data)?,
        Data::Enum(data) => cases::schema(input, data)?,
        Data::Union(_) => return Err(Error::new_spanned(name, "a union has no JSON form")),
    };
    let is_object = matches!(input.data, Data::Struct(_));
    let params = is_object.then(|| {
        quote! {
            impl ::yardstick_sdk::Params for #name {
                fn schema() -> ::std::string::String {
                    ::yardstick_sdk::schema::of::<Self>()
                }
            }
        }
    });
    Ok(quote! {
        impl ::yardstick_sdk::schema::Described for #name {
            fn describe(schema: &mut ::yardstick_sdk::schema::Writer) {
                #schema
            }
        }
        #params
    })
}

/// The text of the documentation comments: lines joined, paragraphs kept apart.
fn documentation(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        let line = line.value();
        match line.trim() {
            "" => text.push('\n'),
            line => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text.trim().to_owned()
}
