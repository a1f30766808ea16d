import Autograd
import FileSupport
import Foundation

/// A folder with data sets that are not part of the package.
struct DataDirectory {
    let path: String

    /// The path of the first of the files that exists: in one of the folders or directly in the
    /// directory, gzipped or not.
    func find(_ names: [String], in folders: [String]) throws(FileError) -> String {
        for folder in folders.map({ $0 + "/" }) + [""] {
            for name in names {
                for ending in [".gz", ""] {
                    let candidate = "\(path)/\(folder)\(name)\(ending)"
                    if FileManager.default.fileExists(atPath: candidate) { return candidate }
                }
            }
        }
        throw FileError(
            path: "\(path)/\(folders[0])/\(names[0]).gz",
            expected: "this file, or the same in \(path), gzipped or not (download the data "
                + "set, or name another data directory)",
            found: "none")
    }

    /// How to read each set; the functions are given its name.
    static let sets: [String: @Sendable (DataDirectory, String) throws(FileError) -> Dataset] = [
        "mnist": { (directory, name) throws(FileError) in
            try directory.standard(
                name, size: 28, classNames: Dataset.digitNames,
                source: "MNIST by LeCun, Cortes and Burges")
        },
        "fashion-mnist": { (directory, name) throws(FileError) in
            try directory.standard(
                name, size: 28,
                classNames: [
                    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt",
                    "sneaker", "bag", "ankle boot",
                ],
                source: "Fashion-MNIST by Xiao, Rasul and Vollgraf")
        },
        "usps": { (directory, name) throws(FileError) in
            try directory.standard(
                name, size: 16, classNames: Dataset.digitNames,
                source: "Zip-code digits of the US Postal Service by LeCun et al.")
        },
        "cifar10": { (directory, name) throws(FileError) in try directory.cifar(name) },
        "frey-faces": { (directory, name) throws(FileError) in
            try directory.single(
                name, images: "frey-faces-idx3-ubyte", labels: nil, in: [name, "faces"],
                source: "Frey faces by Roweis and Frey")
        },
        "orl-faces": { (directory, name) throws(FileError) in
            try directory.single(
                name, images: "orl-faces-idx3-ubyte", labels: "orl-labels-idx1-ubyte",
                in: [name, "faces"], source: "ORL faces of the Olivetti Research Laboratory")
        },
        "caltech-faces": { (directory, name) throws(FileError) in
            try directory.single(
                name, images: "caltech-faces-64-idx4-ubyte", labels: nil, in: [name, "faces"],
                source: "Faces of Caltech-101 by Fei-Fei, Fergus and Perona")
        },
        "flowers": { (directory, name) throws(FileError) in
            try directory.single(
                name, images: "flowers-64-idx4-ubyte", labels: "flowers-labels-idx1-ubyte",
                in: [name], classNames: "classes.txt", source: "Photographs of flowers")
        },
    ]

    /// A set of four files like those of MNIST.
    private func standard(
        _ name: String, size: Int, classNames: [String], source: String
    ) throws(FileError) -> Dataset {
        func part(_ prefixes: [String]) throws(FileError) -> Examples {
            try Examples.read(
                images: find(prefixes.map { "\($0)-images-idx3-ubyte" }, in: [name]),
                labels: find(prefixes.map { "\($0)-labels-idx1-ubyte" }, in: [name]),
                shape: [size, size], classCount: classNames.count)
        }
        let (training, test) = (try part(["train"]), try part(["t10k", "test"]))
        return Dataset(
            name: name, training: training, test: test, classNames: classNames,
            notes: KnownImages.notes(on: name, training: training.inputs, test: test.inputs),
            source: source)
    }

    /// CIFAR-10, with as many of its five training files as exist.
    private func cifar(_ name: String) throws(FileError) -> Dataset {
        let folders = [name, "cifar-10-batches-bin"]
        var parts = [try CIFAR.read(find(["data_batch_1.bin"], in: folders))]
        for number in 2...5 {
            guard let path = try? find(["data_batch_\(number).bin"], in: folders) else { continue }
            parts.append(try CIFAR.read(path))
        }
        let test = try CIFAR.read(find(["test_batch.bin"], in: folders))
        return Dataset(
            name: name,
            training: Examples(
                inputs: concatenated(parts.map(\.images)), labels: concatenated(parts.map(\.labels))
            ),
            test: Examples(inputs: test.images, labels: test.labels),
            classNames: [
                "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
                "truck",
            ],
            source: "CIFAR-10 by Krizhevsky")
    }

    /// A set in one file of images, and one of labels if it has any, split at random.
    private func single(
        _ name: String, images: String, labels: String?, in folders: [String],
        classNames: String? = nil, source: String
    ) throws(FileError) -> Dataset {
        let imagesPath = try find([images], in: folders)
        let labelsPath: String? =
            if let labels { try find([labels], in: folders) } else { nil }
        let examples = try Examples.read(images: imagesPath, labels: labelsPath)
        var names: [String] = []
        if let classNames {
            let path = try find([classNames], in: folders)
            names = try FileReading.contents(of: path).split(separator: UInt8(ascii: "\n"))
                .map { String(decoding: $0, as: UTF8.self) }
        } else if let greatest = examples.labels?.elements(as: Int32.self).max(), greatest >= 0 {
            names = (0...greatest).map(String.init)
        }
        return try Dataset(
            name: name, splitting: examples, classNames: names, source: source, path: imagesPath)
    }
}
