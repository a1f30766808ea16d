import Autograd
import Foundation

/// The format of a data file, recognised by its name, or else by its first bytes.
enum DataFormat {
    case npy
    case npz
    case idx
    case table

    /// The suffixes of the names of tables.
    private static let tableEndings = [".csv", ".tsv", ".tab", ".txt", ".data"]

    /// Nil if neither name nor content is that of a data file. Case does not matter in the name,
    /// and it may end in `.gz`; the name of an archive may be followed by that of an array.
    init?(ofFile name: String) {
        let plain = FileReading.plainName(name)
        if plain.hasSuffix(".npy") {
            self = .npy
        } else if NPZ.Place(name) != nil {
            self = .npz
        } else if plain.hasSuffix("ubyte") || plain.hasSuffix(".idx") {
            self = .idx
        } else if Self.tableEndings.contains(where: plain.hasSuffix) {
            self = .table
        } else if let format = DataFormat(ofContent: name) {
            self = format
        } else {
            return nil
        }
    }

    private init?(ofContent path: String) {
        guard let start = try? FileReading.start(of: path, 8), start.count >= 4 else { return nil }
        if NPY.isArray(start) {
            self = .npy
        } else if Zip.isArchive(start) {
            self = .npz
        } else if IDX.isArray(start) {
            self = .idx
        } else {
            return nil
        }
    }
}
