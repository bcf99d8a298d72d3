//! The measure before the validator: what a document comes to with every fragment written out, without
//! writing any out. Each fragment is measured once.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{
    ExecutableDocument, FragmentDefinition, Selection, SelectionSet,
};

use super::tokens::Limit;

const MAX_ALIASES: usize = 30;
const MAX_ROOT_FIELDS: usize = 20;
const MAX_FIELDS: usize = 5000;
const MAX_NESTING: usize = 32;
const MAX_INTROSPECTION: usize = 2;

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Selections in all.
    fields: usize,
    /// Fields of its own level, those of fragments included.
    root_fields: usize,
    aliases: usize,
    nesting: usize,
    /// The most lists of the introspection schema inside each other.
    introspection: usize,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.nesting = self.nesting.max(other.nesting);
        self.introspection = self.introspection.max(other.introspection);
    }

    fn check(self) -> Result<Self, Limit> {
        let bounds = [
            (self.fields, MAX_FIELDS, Limit::Fields),
            (self.aliases, MAX_ALIASES, Limit::Aliases),
            (self.nesting, MAX_NESTING, Limit::Nesting),
            (self.introspection, MAX_INTROSPECTION, Limit::Introspection),
        ];
        match bounds.into_iter().find(|(value, most, _)| value > most) {
            Some((.., limit)) => Err(limit),
            None => Ok(self),
        }
    }
}

pub(super) fn check(document: &ExecutableDocument) -> Result<(), Limit> {
    let mut fragments = Fragments {
        definitions: &document.fragments,
        measured: HashMap::new(),
    };
    let mut whole = Measure::default();
    // Fragments that no operation uses are walked through by the validator all the same.
    for name in document.fragments.keys() {
        whole.add(fragments.measure(name, 0)?);
    }
    for (_, operation) in document.operations.iter() {
        let measure = fragments.measure_set(&operation.node.selection_set.node, 0)?;
        if measure.root_fields > MAX_ROOT_FIELDS {
            return Err(Limit::RootFields);
        }
        whole.add(measure);
    }
    whole.check().map(|_| ())
}

struct Fragments<'doc> {
    definitions: &'doc HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is being measured: to meet it then is to meet it inside itself.
    measured: HashMap<&'doc str, Option<Measure>>,
}

impl<'doc> Fragments<'doc> {
    /// `depth` is that of this recursion; the nesting that counts is in the measure.
    fn measure(&mut self, name: &Name, depth: usize) -> Result<Measure, Limit> {
        let Some((name, definition)) = self.definitions.get_key_value(name) else {
            // The validator says that there is no such fragment.
            return Ok(Measure::default());
        };
        match self.measured.get(name.as_str()) {
            Some(Some(measure)) => return Ok(*measure),
            Some(None) => return Err(Limit::Nesting),
            None => {}
        }
        self.measured.insert(name.as_str(), None);
        let measure = self.measure_set(&definition.node.selection_set.node, depth)?;
        self.measured.insert(name.as_str(), Some(measure));
        Ok(measure)
    }

    fn measure_set(&mut self, set: &'doc SelectionSet, depth: usize) -> Result<Measure, Limit> {
        if depth > MAX_NESTING {
            return Err(Limit::Nesting);
        }
        let mut sum = Measure::default();
        for selection in &set.items {
            let mut measure = match &selection.node {
                Selection::Field(field) => {
                    let mut measure =
                        self.measure_set(&field.node.selection_set.node, depth + 1)?;
                    measure.root_fields = 1;
                    measure.aliases += usize::from(field.node.alias.is_some());
                    measure.introspection += usize::from(multiplies(field.node.name.node.as_str()));
                    measure
                }
                Selection::InlineFragment(fragment) => {
                    self.measure_set(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.measure(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            measure.fields = measure.fields.saturating_add(1);
            measure.nesting += 1;
            // Here already, so that sums stay small.
            sum.add(measure.check()?);
        }
        sum.check()
    }
}

/// Whether a field of the introspection schema lists types that have such lists themselves. No field of
/// our own has these names.
fn multiplies(field: &str) -> bool {
    matches!(
        field,
        "fields" | "interfaces" | "possibleTypes" | "inputFields"
    )
}
