import Autograd
import FileSupport

/// Archives of NumPy: several arrays, each as a file `.npy`.
public enum NPZ {
    /// An archive and optionally one of its arrays: `set.npz`, `set.npz:x_train`.
    struct Place {
        let archive: String
        let array: String?

        /// Nil if the name is not that of an archive.
        init?(_ name: String) {
            if name.lowercased().hasSuffix(".npz") {
                (archive, array) = (name, nil)
                return
            }
            guard let colon = name.lastIndex(of: ":"),
                name[..<colon].lowercased().hasSuffix(".npz")
            else { return nil }
            archive = String(name[..<colon])
            array = String(name[colon...].dropFirst())
        }
    }

    /// The usual names of samples and their labels. Of a set that is already split, those for
    /// training.
    private static let usual = [
        ("x_train", "y_train"), ("train_images", "train_labels"), ("x", "y"), ("data", "labels"),
        ("data", "target"), ("images", "labels"), ("arr_0", "arr_1"),
    ]

    /// Reads the array that a path names after a colon, as in `set.npz:x_train`; without a name,
    /// the only one, or the one with a usual name of samples.
    ///
    /// - Throws: if several arrays are possible, naming them.
    public static func read(_ path: String) throws(FileError) -> Tensor {
        try readWithLabels(path).samples
    }

    /// The array, and its labels if it was not named and they exist too.
    static func readWithLabels(
        _ path: String
    ) throws(FileError) -> (samples: Tensor, labels: Tensor?, notes: [String]) {
        let place = Place(path)
        let archive = place?.archive ?? path
        return try decode(FileReading.bytes(of: archive), array: place?.array, path: archive)
    }

    static func decode(
        _ bytes: [UInt8], array: String?, limit: Int = FileReading.maximumSize, path: String
    ) throws(FileError) -> (samples: Tensor, labels: Tensor?, notes: [String]) {
        let zip = try Zip(bytes, path: path)
        var entries: [(name: String, entry: Zip.Entry)] = []
        for entry in zip.entries where entry.name.hasSuffix(".npy") {
            entries.append((String(entry.name.dropLast(4)), entry))
        }
        func read(_ name: String) throws(FileError) -> Tensor? {
            guard let entry = entries.first(where: { $0.name == name })?.entry else { return nil }
            return try NPY.decode(
                zip.contents(of: entry, limit: limit), path: "\(path):\(name)")
        }
        func name(_ usual: String) -> String? {
            entries.first { $0.name.lowercased() == usual }?.name
        }
        if let array = array ?? (entries.count == 1 ? entries[0].name : nil) {
            if let samples = try read(array) { return (samples, nil, []) }
        } else if let usual = usual.first(where: { name($0.0) != nil && name($0.1) != nil })
            ?? usual.first(where: { name($0.0) != nil }), let samples = name(usual.0),
            let tensor = try read(samples)
        {
            let labels = try name(usual.1).flatMap { name throws(FileError) in
                try Self.labels(read(name), of: tensor)
            }
            let note =
                "of \(entries.map(\.name).quotedList(most: 8)), \(samples.quoted) are taken for samples"
                + (labels == nil ? "" : " and \((name(usual.1) ?? "").quoted) for their labels")
            return (tensor, labels, [note])
        }
        throw FileError(
            path: path,
            expected: array.map { "an array \($0.quoted)" }
                ?? "one array, or \(path):NAME to choose one",
            found: entries.isEmpty ? "none" : entries.map(\.name).quotedList(most: 8))
    }

    /// `int32`, [n], if an array can be the labels of samples; else nil.
    private static func labels(_ array: Tensor?, of samples: Tensor) -> Tensor? {
        guard let array, !array.dataType.isFloatingPoint, !array.dataType.onlyStores,
            let count = samples.shape.first,
            array.shape == [count] || array.shape == [count, 1]
        else { return nil }
        return array.cast(to: .int32).reshaped([count])
    }
}
