CREATE TABLE erased (                  -- people whose data was taken out: so that a backup does not bring it back
    mark     TEXT PRIMARY KEY,         -- scrypt of the number: who reads this table cannot read the number
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
