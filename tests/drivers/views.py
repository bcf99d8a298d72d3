"""Reads every row of views as a BI tool does over ODBC.

Arguments: the connection string and the views. Prints view, column and type of each column, and view and number of rows
of each view, separated by tabs.
"""

import sys

import pyodbc

# What sqlext.h calls them.
TYPES = {
    -11: "GUID",
    -9: "WVARCHAR",
    -7: "BIT",
    -5: "BIGINT",
    -4: "LONGVARBINARY",
    -3: "VARBINARY",
    4: "INTEGER",
    91: "DATE",
    93: "TIMESTAMP",
}


def main(connection_string, *views):
    connection = pyodbc.connect(connection_string)
    for view in views:
        for column in connection.cursor().columns(schema="authn", table=view):
            print(view, column.column_name, TYPES.get(column.data_type, column.data_type), sep="\t")
        rows = connection.cursor().execute(f"select * from authn.{view}").fetchall()
        print(view, len(rows), sep="\t")


main(*sys.argv[1:])
