CREATE TABLE notices (            -- what our people are, or will be, told of; emergencies are in `escalations`
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,     -- natural key of what happened: nothing is told of twice
    kind TEXT NOT NULL,
    peer TEXT NOT NULL,           -- whom it is about, '' for the box itself or a withheld number
    how TEXT NOT NULL CHECK (how IN ('instant', 'digest')),
    at INTEGER NOT NULL,
    digest_id INTEGER             -- the digest that told of it
) STRICT;
CREATE INDEX notices_at ON notices (at);
CREATE INDEX notices_untold ON notices (kind) WHERE how = 'digest' AND digest_id IS NULL;
CREATE INDEX notices_of_digest ON notices (digest_id) WHERE digest_id IS NOT NULL;

CREATE TABLE digests (            -- one a day
    id INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL,        -- the agreed moment
    next_at INTEGER,              -- when it is looked at (again); NULL: it is done with
    told_at INTEGER,              -- NULL: not yet, or it did not leave, and the next one tells of it
    words TEXT NOT NULL           -- '' where there was nothing to tell
) STRICT;
CREATE INDEX digests_planned ON digests (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX digests_told ON digests (told_at) WHERE told_at IS NOT NULL;

CREATE INDEX tasks_due ON tasks (due) WHERE closed_at IS NULL AND due IS NOT NULL;
