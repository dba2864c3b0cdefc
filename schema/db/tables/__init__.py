"""One module of tables per schema; no table refers to another schema's."""
