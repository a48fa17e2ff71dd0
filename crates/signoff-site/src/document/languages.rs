//! What the highlighter knows of each language: comments, strings, words.

/// How a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Words, strings and comments.
    Words,
    /// Shell: words, with names behind `$`.
    Shell,
    /// What a terminal showed: commands behind a prompt.
    Console,
    /// A key and a value in each line.
    Yaml,
    /// A key and a value in each line, tables.
    Toml,
    /// Strings before a colon are keys.
    Json,
    /// The first character of a line says what became of it.
    Diff,
    /// Targets before a colon.
    Makefile,
    /// An instruction in each line.
    Dockerfile,
}

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    /// The names that fences give it, in lower case.
    names: &'static [&'static str],
    /// How it is read.
    pub(super) form: Form,
    /// What begins a comment that ends with its line.
    pub(super) line_comments: &'static [&'static str],
    /// What stands around other comments.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Marks around strings that may go on over lines; the last ones of a pair are the same.
    pub(super) long_strings: &'static [&'static str],
    /// Marks around strings of a line.
    pub(super) quotes: &'static [u8],
    /// Reserved words.
    pub(super) keywords: &'static [&'static str],
    /// Types and values that are part of the language.
    pub(super) types: &'static [&'static str],
}

const PLAIN: Language = Language {
    names: &[],
    form: Form::Words,
    line_comments: &["#"],
    block_comment: None,
    long_strings: &[],
    quotes: b"\"'",
    keywords: &[],
    types: &[],
};

const C_LIKE: Language = Language { line_comments: &["//"], block_comment: Some(("/*", "*/")), ..PLAIN };

const SHELL_WORDS: &[&str] = &[
    "case", "do", "done", "elif", "else", "esac", "exit", "export", "fi", "for", "function", "if", "in", "local",
    "return", "set", "source", "then", "until", "while",
];

/// The language that a fence names.
pub(super) fn named(name: &str) -> Option<&'static Language> {
    ALL.iter().find(|language| language.names.contains(&name))
}

static ALL: [Language; 15] = [
    Language { names: &["yaml", "yml"], form: Form::Yaml, types: &["true", "false", "null", "~"], ..PLAIN },
    Language {
        names: &["go", "golang"],
        long_strings: &["`"],
        keywords: &[
            "break",
            "case",
            "chan",
            "const",
            "continue",
            "default",
            "defer",
            "else",
            "fallthrough",
            "for",
            "func",
            "go",
            "goto",
            "if",
            "import",
            "interface",
            "map",
            "package",
            "range",
            "return",
            "select",
            "struct",
            "switch",
            "type",
            "var",
        ],
        types: &[
            "any",
            "bool",
            "byte",
            "comparable",
            "error",
            "false",
            "float32",
            "float64",
            "int",
            "int16",
            "int32",
            "int64",
            "int8",
            "iota",
            "nil",
            "rune",
            "string",
            "true",
            "uint",
            "uint16",
            "uint32",
            "uint64",
            "uint8",
            "uintptr",
        ],
        ..C_LIKE
    },
    Language { names: &["bash", "sh", "shell", "zsh"], form: Form::Shell, keywords: SHELL_WORDS, ..PLAIN },
    Language { names: &["console", "shell-session", "terminal"], form: Form::Console, keywords: SHELL_WORDS, ..PLAIN },
    Language {
        names: &["json", "jsonc", "json5"],
        form: Form::Json,
        quotes: b"\"",
        types: &["true", "false", "null"],
        ..C_LIKE
    },
    Language {
        names: &["protobuf", "proto"],
        keywords: &[
            "enum",
            "extend",
            "extensions",
            "import",
            "map",
            "message",
            "oneof",
            "option",
            "optional",
            "package",
            "public",
            "repeated",
            "required",
            "reserved",
            "returns",
            "rpc",
            "service",
            "stream",
            "syntax",
            "to",
        ],
        types: &[
            "bool", "bytes", "double", "false", "fixed32", "fixed64", "float", "int32", "int64", "sfixed32",
            "sfixed64", "sint32", "sint64", "string", "true", "uint32", "uint64",
        ],
        ..C_LIKE
    },
    Language { names: &["diff", "patch"], form: Form::Diff, ..PLAIN },
    Language {
        names: &["python", "py"],
        long_strings: &["\"\"\"", "'''"],
        keywords: &[
            "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
            "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
            "or", "pass", "raise", "return", "try", "while", "with", "yield",
        ],
        types: &[
            "None", "True", "False", "self", "int", "str", "bytes", "bool", "float", "list", "dict", "set", "tuple",
        ],
        ..PLAIN
    },
    Language { names: &["makefile", "make", "mk"], form: Form::Makefile, ..PLAIN },
    Language {
        names: &["toml"],
        form: Form::Toml,
        long_strings: &["\"\"\"", "'''"],
        types: &["true", "false"],
        ..PLAIN
    },
    Language { names: &["ini", "conf"], form: Form::Toml, line_comments: &["#", ";"], ..PLAIN },
    Language { names: &["dockerfile", "docker", "containerfile"], form: Form::Dockerfile, ..PLAIN },
    Language {
        names: &["cel"],
        line_comments: &["//"],
        keywords: &["in", "has"],
        types: &["true", "false", "null", "self", "oldSelf", "object", "oldObject", "request"],
        ..PLAIN
    },
    Language {
        names: &[
            "javascript",
            "js",
            "typescript",
            "ts",
            "java",
            "solidity",
            "sol",
            "c",
            "cpp",
            "c++",
            "rust",
            "rs",
            "kotlin",
        ],
        keywords: &[
            "abstract",
            "as",
            "async",
            "await",
            "break",
            "case",
            "catch",
            "class",
            "const",
            "continue",
            "contract",
            "default",
            "do",
            "else",
            "emit",
            "enum",
            "event",
            "export",
            "extends",
            "external",
            "final",
            "fn",
            "for",
            "from",
            "function",
            "if",
            "impl",
            "implements",
            "import",
            "indexed",
            "interface",
            "internal",
            "is",
            "let",
            "library",
            "mapping",
            "match",
            "memory",
            "mod",
            "modifier",
            "mut",
            "new",
            "override",
            "payable",
            "pragma",
            "private",
            "protected",
            "pub",
            "public",
            "pure",
            "require",
            "return",
            "returns",
            "static",
            "storage",
            "struct",
            "super",
            "switch",
            "this",
            "throw",
            "throws",
            "trait",
            "try",
            "type",
            "typeof",
            "unsafe",
            "use",
            "using",
            "var",
            "view",
            "virtual",
            "void",
            "where",
            "while",
        ],
        types: &[
            "address",
            "bool",
            "boolean",
            "byte",
            "bytes",
            "bytes32",
            "bytes4",
            "char",
            "double",
            "false",
            "float",
            "i32",
            "i64",
            "int",
            "int256",
            "long",
            "null",
            "number",
            "self",
            "string",
            "true",
            "u32",
            "u64",
            "u8",
            "uint",
            "uint256",
            "uint64",
            "uint8",
            "undefined",
            "usize",
        ],
        ..C_LIKE
    },
    Language {
        names: &["sql"],
        line_comments: &["--"],
        keywords: &[
            "SELECT", "FROM", "WHERE", "AND", "OR", "INSERT", "INTO", "UPDATE", "SET", "CREATE", "TABLE", "JOIN", "ON",
        ],
        ..PLAIN
    },
];
