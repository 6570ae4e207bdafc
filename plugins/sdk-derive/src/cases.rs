//! An enum without fields as a schema of words.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error};

use crate::documentation;
use crate::serde_words::{SerdeWords, renamed};

/// A statement that writes the schema.
///
/// # Errors
/// When a case has fields or an attribute is wrong.
pub(crate) fn schema(input: &DeriveInput, data: &DataEnum) -> Result<Tokens, Error> {
    let whole = SerdeWords::read(&input.attrs)?;
    let mut names = Vec::new();
    for case in &data.variants {
        if !case.fields.is_empty() {
            return Err(Error::new_spanned(case, "a choice of a parameter is a word, without fields"));
        }
        let words = SerdeWords::read(&case.attrs)?;
        if words.skip {
            continue;
        }
        names.push(match words.rename {
            Some(name) => name,
            None => renamed(&case.ident.to_string(), whole.rename_all.as_deref(), true)
                .map_err(|message| Error::new_spanned(case, message))?,
        });
    }
    let about = documentation(&input.attrs);
    Ok(quote! { schema.words(#about, &[#(#names),*]); })
}
