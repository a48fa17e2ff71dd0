-- The tables of `signoff export --format sqlite`. A row belongs to the proposal with its `path`.

-- What the file is: `schema` is signoff.sqlite/1, `profile` the id of the process.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) STRICT;

-- One row for each proposal; values of metadata as written, null where there is none.
CREATE TABLE proposals (
  path TEXT PRIMARY KEY,
  proposal TEXT NOT NULL,      -- the number that people know it by
  title TEXT,
  group_name TEXT,
  status TEXT,
  stage TEXT,
  latest_milestone TEXT,
  body_path TEXT,              -- the file with the prose
  template_generation TEXT,    -- the newest version of the template that left a mark
  unresolved INTEGER,          -- marks of unresolved debates
  comments INTEGER             -- comments of the prose
) STRICT;

-- Authors, reviewers and approvers, in their order.
CREATE TABLE people (
  path TEXT NOT NULL REFERENCES proposals,
  role TEXT NOT NULL,          -- author, reviewer, approver
  position INTEGER NOT NULL,   -- from 1
  person TEXT NOT NULL
) STRICT;

-- The release of each stage that has one.
CREATE TABLE milestones (
  path TEXT NOT NULL REFERENCES proposals,
  stage TEXT NOT NULL,
  release TEXT NOT NULL
) STRICT;

-- Feature gates.
CREATE TABLE gates (
  path TEXT NOT NULL REFERENCES proposals,
  stated_in TEXT NOT NULL,     -- metadata, answers
  name TEXT,
  components TEXT,             -- with ", " between; null in answers
  line INTEGER                 -- in the metadata; null in answers
) STRICT;

-- Metrics.
CREATE TABLE metrics (
  path TEXT NOT NULL REFERENCES proposals,
  stated_in TEXT NOT NULL,     -- metadata, answers
  name TEXT NOT NULL
) STRICT;

-- Every metadata field by its own name, as the file's text.
CREATE TABLE fields (
  path TEXT NOT NULL REFERENCES proposals,
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;

-- The headings of the prose, in their order.
CREATE TABLE sections (
  path TEXT NOT NULL REFERENCES proposals,
  position INTEGER NOT NULL,   -- from 1
  title TEXT NOT NULL,
  level INTEGER NOT NULL,      -- 1 to 6
  line INTEGER NOT NULL,
  state TEXT NOT NULL          -- written, empty, scaffold (only template text)
) STRICT;

-- Every question of every questionnaire, asked or not.
CREATE TABLE questions (
  path TEXT NOT NULL REFERENCES proposals,
  questionnaire TEXT NOT NULL,
  number INTEGER NOT NULL,     -- from 1
  id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  title TEXT NOT NULL,
  encouraged_from TEXT,        -- a stage, as the next two
  required_from TEXT,
  reconfirm_at TEXT,
  state TEXT NOT NULL,         -- absent, empty, placeholder, not-applicable, bare, answered
  line INTEGER,
  end_line INTEGER,
  text TEXT                    -- the answer as it is written
) STRICT;

-- The named blanks inside answers.
CREATE TABLE blanks (
  path TEXT NOT NULL REFERENCES proposals,
  questionnaire TEXT NOT NULL,
  question TEXT NOT NULL,
  id TEXT NOT NULL,
  label TEXT NOT NULL,
  ticked INTEGER,              -- 0, 1, or null where there is no box
  value TEXT,
  line INTEGER NOT NULL
) STRICT;

-- Boxes of the checklists that the prose has.
CREATE TABLE checklists (
  path TEXT NOT NULL REFERENCES proposals,
  id TEXT NOT NULL,
  ticked INTEGER NOT NULL,
  total INTEGER NOT NULL
) STRICT;

-- Other proposals that the metadata names.
CREATE TABLE relations (
  path TEXT NOT NULL REFERENCES proposals,
  kind TEXT NOT NULL,          -- supersedes, superseded-by, requires, related
  target TEXT NOT NULL         -- as written
) STRICT;
