//! Our parameters and rows in the words of PostgreSQL.

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::fault::Fault;
use crate::value::{Row, Value};

/// Our statements number their parameters `?1`; PostgreSQL writes `$1`.
pub(super) fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

/// As what a value is sent, so that no statement needs a cast.
pub(super) const fn kind(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) => Type::BYTEA,
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.as_slice().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row as ours.
pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, Fault> {
    let cells = row.columns().iter().enumerate().map(|(at, column)| {
        let cell = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(at).map(|cell| cell.map(Value::Int)),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(at).map(|cell| cell.map(|cell| Value::Int(cell.into())))
            }
            Type::BOOL => {
                row.try_get::<_, Option<bool>>(at).map(|cell| cell.map(|cell| Value::Int(cell.into())))
            }
            Type::VOID => Ok(None),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map(|cell| cell.map(Value::Blob)),
            _ => row.try_get::<_, Option<String>>(at).map(|cell| cell.map(Value::Text)),
        };
        cell.map(|cell| cell.unwrap_or(Value::Null)).map_err(|_| Fault::Corrupt("column type"))
    });
    cells.collect::<Result<Vec<_>, _>>().map(Row::new)
}
