"""The paper of a sales office (登记): registers and reports, queries over the journal's facts."""
