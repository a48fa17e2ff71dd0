//! What all files say, before it is brought together.

use std::sync::Arc;

use signoff_model::configured::Configured;
use signoff_model::fact::Problem;

use super::command::Command;
use super::component_file::ComponentFile;
use super::distribution::Options;
use super::environment::Environment;
use super::unit::Unit;

/// What all files say, before it is brought together.
#[derive(Default)]
pub struct Found {
    /// Components with their command lines.
    pub commands: Vec<Command>,
    /// Configuration files of components.
    pub files: Vec<ComponentFile>,
    /// Components that need nothing else, each with the path of what holds it.
    pub whole: Vec<(Configured, Option<Arc<str>>)>,
    /// Units of systemd, and their drop-ins.
    pub units: Vec<Unit>,
    /// Files of variables.
    pub environments: Vec<Environment>,
    /// Options of distributions.
    pub options: Vec<Options>,
    /// What nobody understood.
    pub unrecognised: Vec<Problem>,
}

impl Found {
    /// How many things were found.
    pub fn count(&self) -> usize {
        self.commands.len()
            + self.files.len()
            + self.whole.len()
            + self.units.len()
            + self.environments.len()
            + self.options.len()
    }
}
