import Autograd
import Foundation

/// How the data in a file are written, as its name tells, or else its first bytes.
enum DataFormat {
    case npy
    case npz
    case idx
    case table

    /// What the names of tables end in.
    private static let tableEndings = [".csv", ".tsv", ".tab", ".txt", ".data"]

    /// Nil where neither name nor content is that of a data file. Capitals in the name do not
    /// matter, and it may end in `.gz`; that of an archive may be followed by that of an array.
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
