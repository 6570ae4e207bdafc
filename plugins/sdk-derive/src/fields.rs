//! A struct of parameters as an object schema.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{DataStruct, DeriveInput, Error, Fields};

use crate::bounds;
use crate::documentation;
use crate::serde_words::{SerdeWords, renamed};

/// Statements that write the schema.
///
/// # Errors
/// When the struct has no named fields, takes unknown ones silently, or an attribute is wrong.
pub(crate) fn schema(input: &DeriveInput, data: &DataStruct) -> Result<Tokens, Error> {
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&input.ident, "parameters are a struct with named fields"));
    };
    let whole = SerdeWords::read(&input.attrs)?;
    if !whole.deny_unknown_fields {
        return Err(Error::new_spanned(
            &input.ident,
            "add #[serde(deny_unknown_fields)]: a misspelt parameter must be refused, not ignored",
        ));
    }
    let mut written = Vec::new();
    for field in &fields.named {
        let words = SerdeWords::read(&field.attrs)?;
        if words.skip {
            continue;
        }
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = match words.rename {
            Some(name) => name,
            None => renamed(ident.trim_start_matches("r#"), whole.rename_all.as_deref(), false)
                .map_err(|message| Error::new_spanned(field, message))?,
        };
        let about = documentation(&field.attrs);
        if about.is_empty() {
            let message = "say what this parameter is (///): it is what people read in their editor";
            return Err(Error::new_spanned(field, message));
        }
        let kind = &field.ty;
        let may_be_left_out = words.default || whole.default;
        let (keywords, values): (Vec<_>, Vec<_>) = bounds::read(&field.attrs)?.into_iter().unzip();
        written.push(quote! {
            object.field::<#kind>(#name, #about, #may_be_left_out, &[#((#keywords, #values)),*]);
        });
    }
    let about = documentation(&input.attrs);
    Ok(quote! {
        schema.object(#about, |object| { #(#written)* });
    })
}
