//! The operations that clause 1 names, as a closed set.
//!
//! Clauses: C1.3.

/// An operation with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Operation {
    /// Сбор.
    Collection,
    /// Получение.
    Receipt,
    /// Запись.
    Recording,
    /// Систематизация.
    Systematisation,
    /// Накопление.
    Accumulation,
    /// Хранение.
    Storage,
    /// Уточнение.
    Rectification,
    /// Извлечение.
    Retrieval,
    /// Использование.
    Use,
    /// Распространение.
    Distribution,
    /// Предоставление.
    Provision,
    /// Доступ третьих лиц.
    Access,
    /// Обезличивание.
    Anonymisation,
    /// Блокирование.
    Restriction,
    /// Удаление.
    Deletion,
    /// Уничтожение.
    Destruction,
}

impl Operation {
    /// Every operation, in the order of clause 1.
    pub const ALL: [Self; 16] = [
        Self::Collection,
        Self::Receipt,
        Self::Recording,
        Self::Systematisation,
        Self::Accumulation,
        Self::Storage,
        Self::Rectification,
        Self::Retrieval,
        Self::Use,
        Self::Distribution,
        Self::Provision,
        Self::Access,
        Self::Anonymisation,
        Self::Restriction,
        Self::Deletion,
        Self::Destruction,
    ];

    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Receipt => "receipt",
            Self::Recording => "recording",
            Self::Systematisation => "systematisation",
            Self::Accumulation => "accumulation",
            Self::Storage => "storage",
            Self::Rectification => "rectification",
            Self::Retrieval => "retrieval",
            Self::Use => "use",
            Self::Distribution => "distribution",
            Self::Provision => "provision",
            Self::Access => "access",
            Self::Anonymisation => "anonymisation",
            Self::Restriction => "restriction",
            Self::Deletion => "deletion",
            Self::Destruction => "destruction",
        }
    }

    /// Whether data leave the controller by it (clauses 11.3, 12).
    pub const fn is_disclosure(self) -> bool {
        matches!(self, Self::Distribution | Self::Provision | Self::Access)
    }
}

impl std::str::FromStr for Operation {
    type Err = crate::code::CodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|operation| operation.code() == text).ok_or(crate::code::CodeError)
    }
}

/// A set of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct OperationSet(u16);

impl OperationSet {
    /// The set of none.
    pub const EMPTY: Self = Self(0);
    /// The set of all.
    pub const ALL: Self = Self(u16::MAX);

    /// Whether the operation is in it.
    pub const fn contains(self, operation: Operation) -> bool {
        self.0 & (1 << operation as u8) != 0
    }
    /// The set with this operation.
    #[must_use]
    pub const fn with(self, operation: Operation) -> Self {
        Self(self.0 | (1 << operation as u8))
    }
    /// The bits, as stored.
    pub const fn bits(self) -> u16 {
        self.0
    }
    /// The set with these bits.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

impl FromIterator<Operation> for OperationSet {
    fn from_iter<I: IntoIterator<Item = Operation>>(operations: I) -> Self {
        operations.into_iter().fold(Self::EMPTY, Self::with)
    }
}
