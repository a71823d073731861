;; Asks for a table of a million entries. The number noted is the entries that it then has.
  (memory (export "memory") 1 1)
  (table $table 1 @MAXIMUM@ funcref)
  (func $act
    (drop (table.grow $table (ref.null func) (i32.const @ENTRIES@)))
    (call $note (table.size $table)))
