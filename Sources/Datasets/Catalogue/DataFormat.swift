/// How the data in a file are written, as its name tells; the name may end in `.gz`.
enum DataFormat {
    case npy
    case idx
    case table(CSV.Dialect)

    /// Nil where the name is not that of a data file.
    init?(ofFile name: String) {
        let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        if plain.hasSuffix(".npy") {
            self = .npy
        } else if plain.hasSuffix("ubyte") || plain.hasSuffix(".idx") {
            self = .idx
        } else if let dialect = CSV.Dialect(ofFile: name) {
            self = .table(dialect)
        } else {
            return nil
        }
    }
}
