import Autograd
import FileSupport

extension Dataset {
    /// The same images with a mask for each: 1 where it shows what a model is to learn, such as a face,
    /// and 0 where it does not.
    ///
    /// - Parameter path: of a file of masks, `.npy` or IDX, `[n, height, width]` in the order of the images;
    ///   or of a folder of images, laid out and named as that of the images. What is brighter than half is
    ///   inside.
    /// - Throws: if there is not a mask for each image, or one has another size than its image.
    package func masked(by path: String) throws(FileError) -> Dataset {
        let shape = training.shape
        guard 2...3 ~= shape.count else {
            throw FileError(
                path: name, expected: "images, for the masks of \(path)",
                found: "samples of shape \(shape)")
        }
        let size = Size2D(height: shape[shape.count - 2], width: shape[shape.count - 1])
        let masks: Tensor
        if Self.isFolder(path) {
            masks = try Self.masks(inFolder: path, ofImagesIn: name, size: size)
        } else {
            masks = try Self.masks(inFile: path, size: size)
        }
        try requireOneOrigin(of: masks.shape[0], "mask", in: path)
        func part(_ examples: Examples) -> Examples {
            let places = (0..<examples.count).map { Int32(examples.origin(of: $0)) }
            return examples.with(regions: masks.gathered(at: Tensor(places)))
        }
        return Dataset(
            name: name, training: part(training), test: part(test), classNames: classNames,
            columnNames: columnNames, notes: notes, source: source)
    }

    /// Throws unless all samples were read from one file or folder, in which there are as many as these.
    ///
    /// - Parameters:
    ///   - count: of what a file tells of each of them, one after another.
    ///   - what: one of these.
    package func requireOneOrigin(
        of count: Int, _ what: String, in path: String
    ) throws(FileError) {
        let parts = [training, test].map { part in Set((0..<part.count).map(part.origin)) }
        let all = parts[0].union(parts[1])
        let isOne = parts[0].isDisjoint(with: parts[1]) || parts[0] == parts[1]
        guard isOne, all.count == count, all.allSatisfy({ $0 < count }) else {
            throw FileError(
                path: path,
                expected: isOne
                    ? "a \(what) for each of \(all.count) samples of \(name)"
                    : "samples of one file or folder, for a \(what) of each",
                found: isOne ? "\(count)" : "\(name), whose test samples are in another file")
        }
    }

    private static func masks(inFile path: String, size: Size2D) throws(FileError) -> Tensor {
        let masks: Tensor
        switch DataFormat(ofFile: path) {
        case .npy: masks = try NPY.read(path)
        case .npz: masks = try NPZ.read(path)
        case .idx: masks = try IDX.read(path)
        case .table, nil:
            throw FileError(
                path: path, expected: "masks in a file .npy or IDX, or a folder of images",
                found: "another name")
        }
        guard masks.rank == 3, masks.shape[1] == size.height, masks.shape[2] == size.width else {
            throw FileError(
                path: path,
                expected: "masks of the images' size, [n, \(size.height), \(size.width)]",
                found: "shape \(masks.shape)")
        }
        let half = masks.dataType == .uint8 ? 127 : 0.5
        return (masks.cast(to: .float32) .> half).cast(to: .uint8)
    }

    private static func masks(
        inFolder path: String, ofImagesIn folder: String, size: Size2D
    ) throws(FileError) -> Tensor {
        guard isFolder(folder) else {
            throw FileError(
                path: path, expected: "a file of masks, for the images of \(folder)",
                found: "a folder")
        }
        func stem(_ name: String) -> String {
            name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        }
        let (images, masks) = (try ImageFolder(folder).images, try ImageFolder(path).images)
        let (names, found) = (images.map { stem($0.name) }, masks.map { stem($0.name) })
        guard names == found else {
            let missing = names.first { !found.contains($0) }
            throw FileError(
                path: path, expected: "a mask with the name of each image in \(folder)",
                found: missing.map { "none for \($0.quoted)" } ?? "\(found.count) masks")
        }
        var all: [Tensor] = []
        for (image, mask) in zip(images, masks) {
            let (own, pixels) = (
                try ImageFile.read(folder + "/" + image.name),
                try ImageFile.read(path + "/" + mask.name)
            )
            guard own.shape.dropFirst() == pixels.shape.dropFirst() else {
                func text(_ shape: [Int]) -> String { "\(shape[1]) × \(shape[2])" }
                throw FileError(
                    path: path + "/" + mask.name,
                    expected: "a mask of \(text(own.shape)) pixels, as its image",
                    found: "\(text(pixels.shape))")
            }
            all.append(FittedImages.fitted(FittedImages.coloured(pixels, channels: 1), to: size))
        }
        return (stacked(all).squeezed(axes: [1]).cast(to: .float32) .> 127).cast(to: .uint8)
    }
}
