import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Reads every row of views as a BI tool does over JDBC, each value as an object and as text. Arguments: the URL and the
 * views. Prints view, column and type of each column, and view and number of rows of each view, separated by tabs.
 */
public class Views {
    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            for (int n = 1; n < arguments.length; n++) {
                read(connection, arguments[n]);
            }
        }
    }

    private static void read(Connection connection, String view) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select * from authn." + view)) {
            ResultSetMetaData columns = rows.getMetaData();
            for (int n = 1; n <= columns.getColumnCount(); n++) {
                JDBCType type = JDBCType.valueOf(columns.getColumnType(n));
                System.out.println(view + "\t" + columns.getColumnName(n) + "\t" + type);
            }
            long count = 0;
            while (rows.next()) {
                count++;
                for (int n = 1; n <= columns.getColumnCount(); n++) {
                    if ((rows.getObject(n) == null) != (rows.getString(n) == null)) {
                        throw new SQLException(view + "." + columns.getColumnName(n) + " is text and no object, or the reverse");
                    }
                }
            }
            System.out.println(view + "\t" + count);
        }
    }
}
