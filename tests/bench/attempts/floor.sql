\set n random(1, 1000)
begin;
update floor_counter set failures = failures + 1, last_at = clock_timestamp() where n = :n;
insert into floor_event values (:n, clock_timestamp(), gen_random_uuid());
end;
