import Autograd
import FileSupport
import Foundation

extension Dataset {
    /// The names that `named(_:directory:)` knows: those of bundled and generated sets, which need
    /// no directory, and of those it looks for in one.
    public static let names: [String] =
        bundled.keys.sorted() + generated.keys.sorted() + DataDirectory.sets.keys.sorted()

    /// The names of the sets that are looked for in a directory.
    package static let namesInDirectories: [String] = DataDirectory.sets.keys.sorted()

    /// The data set with the given name; or the contents of a file, if the name is that of a data
    /// file (`.npy`, `.npz`, `.csv`, `.tsv`, `.txt`, `.data`, IDX as `…ubyte` or `.idx`, each also
    /// with `.gz`, or any name if the file begins like those of NumPy or IDX); or the images of a
    /// folder, see ``images(inFolder:_:splitting:)``.
    ///
    /// - Parameter directory: where to look for sets that are not part of the package: in a folder
    ///   named after the set, or directly in the directory, gzipped or not. By default, the value
    ///   of the environment variable `TAPESTRY_DATA`.
    /// - Throws: `FileError` if the name is unknown, or a file is missing or malformed.
    public static func named(
        _ name: String, directory: String? = nil
    ) throws(FileError) -> Dataset {
        if let make = bundled[name] { return try make() }
        if let make = generated[name] { return try make() }
        if let set = DataDirectory.sets[name] {
            let environment = ProcessInfo.processInfo.environment["TAPESTRY_DATA"]
            guard let path = directory ?? environment else {
                throw FileError(
                    path: name,
                    expected: "a data directory (an option, or the variable TAPESTRY_DATA)",
                    found: "none")
            }
            return try set(DataDirectory(path: path), name)
        }
        if isFolder(name) { return try images(inFolder: name) }
        if let set = try file(name) { return set }
        let guess = nearest(to: name, in: names).map { ", perhaps \($0)" } ?? ""
        throw FileError(
            path: name,
            expected: "the name of a data set\(guess) (of \(names.joined(separator: ", "))), "
                + "a data file, or a folder of images",
            found: "an unknown name")
    }

    private static let generated: [String: @Sendable () throws(FileError) -> Dataset] = [
        "shapes": { () throws(FileError) in shapes() },
        "colour-shapes": { () throws(FileError) in colourShapes() },
        "grid": { () throws(FileError) in grid() },
        "circle": { () throws(FileError) in circle() },
        "rings": { () throws(FileError) in rings() },
        "swiss-roll": { () throws(FileError) in swissRoll() },
        "factors": { () throws(FileError) in factors() },
        "customers": { () throws(FileError) in try customers() },
        "cards-1": { () throws(FileError) in cards(named: "cards-1", turn: 12, shear: 1) },
        "cards-2": { () throws(FileError) in cards(named: "cards-2", turn: 12, shear: 20) },
        "cards-3": { () throws(FileError) in cards(named: "cards-3", turn: 120, shear: 1) },
        "cards-4": { () throws(FileError) in cards(named: "cards-4", turn: 120, shear: 20) },
        "cards-5": { () throws(FileError) in
            cards(named: "cards-5", turn: 120, shear: 1, shift: 0.1)
        },
        "cards-6": { () throws(FileError) in
            cards(named: "cards-6", turn: 120, shear: 1, shift: 0.1, scale: 0.8...1.2)
        },
    ]

    private static let bundled: [String: @Sendable () throws(FileError) -> Dataset] = [
        "digits": { () throws(FileError) in
            try bundled(
                "digits", size: 28,
                source: "A part of MNIST by LeCun, Cortes and Burges; CC BY-SA 3.0")
        },
        "digits8x8": { () throws(FileError) in
            try bundled(
                "digits8x8", size: 8,
                source: "Optical Recognition of Handwritten Digits by Alpaydin and Kaynak, "
                    + "UCI Machine Learning Repository; CC BY 4.0")
        },
    ]

    private static func bundled(
        _ name: String, size: Int, source: String
    ) throws(FileError) -> Dataset {
        func tensor(_ file: String) throws(FileError) -> Tensor {
            let bytes = try Bundled.bytes(of: "\(file).gz", in: name)
            return try IDX.decode(FileReading.decompressed(bytes, path: file), path: file)
        }
        func part(_ prefix: String) throws(FileError) -> Examples {
            let (images, labels) = ("\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte")
            return try Examples(
                images: tensor(images), images, labels: (tensor(labels), labels),
                shape: [size, size], classCount: 10)
        }
        return Dataset(
            name: name, training: try part("train"), test: try part("t10k"),
            classNames: digitNames, source: source)
    }

    static let digitNames = (0..<10).map(String.init)
}
