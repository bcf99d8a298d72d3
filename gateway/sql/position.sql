-- How far this server is in the log of writes: a primary has written so much, a replica has replayed so much.
select
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end,
    pg_is_in_recovery()
