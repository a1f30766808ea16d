import Autograd
import FileSupport
import Foundation

/// How the images of a folder become samples of one shape.
public struct ImageFitting: Codable, Hashable, Sendable {
    /// The size of samples; nil for that of all images if they have the same and it is at most 128 on
    /// each side, otherwise 64 × 64.
    public var size: Size2D?
    /// 1 for grey samples, 3 for red, green and blue; nil for grey ones if all images are.
    public var channels: Int?
    /// Whether images that are damaged, or of a kind that cannot be read, are left out.
    public var skipsDamaged: Bool

    public init(size: Size2D? = nil, channels: Int? = nil, skipsDamaged: Bool = false) {
        (self.size, self.channels, self.skipsDamaged) = (size, channels, skipsDamaged)
    }

    static let largestUnchangedSide = 128
    static let usualSize = Size2D(64)
}

extension Dataset {
    /// Whether a path is that of a folder.
    package static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The image files in a folder, PNG or JPEG, in the order of their names: of the folder itself,
    /// or of its subfolders, whose names are then the labels. Images are cut to the shape of samples
    /// around their middle, and resized: by the mean over areas if they become smaller, by cubic
    /// convolution if they become larger.
    ///
    /// - Throws: if there are no images, or some beside subfolders that have others; if one is
    ///   damaged, unless those are skipped.
    public static func images(
        inFolder path: String, _ fitting: ImageFitting = ImageFitting(),
        splitting split: DataSplit = DataSplit()
    ) throws(FileError) -> Dataset {
        let folder = try ImageFolder(path)
        var images = FittedImages(fitting)
        var (labels, damaged): ([String?], [String]) = ([], [])
        for image in folder.images {
            let pixels: Tensor
            do {
                pixels = try ImageFile.read(path + "/" + image.name)
            } catch {
                guard fitting.skipsDamaged else { throw error }
                damaged.append("\(image.name) (\(error.found))")
                continue
            }
            images.append(pixels)
            labels.append(image.label)
        }
        guard let samples = images.samples else {
            throw FileError(
                path: path, expected: "images that can be read",
                found: "\(damaged.count) that cannot, such as \(damaged[0])")
        }
        let classes = ClassLabels(labels)
        return try Dataset(
            name: path, splitting: Examples(inputs: samples, labels: classes.numbers),
            classNames: classes.classNames,
            notes: images.notes + folder.notes
                + Self.note("damaged", damaged), source: path, path: path,
            split)
    }

    /// A note on files that are no samples; none if there are none.
    fileprivate static func note(_ reason: String, _ names: [String]) -> [String] {
        names.isEmpty ? [] : ["left out as \(reason): \(names.quotedList(most: 3))"]
    }
}

/// The image files of a folder.
struct ImageFolder {
    /// Paths within the folder, and the labels that they have by their subfolders.
    let images: [(name: String, label: String?)]
    /// What else there is.
    let notes: [String]

    init(_ path: String) throws(FileError) {
        var (own, labelled): ([String], [(String, String?)]) = ([], [])
        var others: [String] = []
        for name in try Self.names(path) {
            guard Dataset.isFolder(path + "/" + name) else {
                if Self.isImage(path + "/" + name) { own.append(name) } else { others.append(name) }
                continue
            }
            for file in try Self.names(path + "/" + name) {
                let inner = name + "/" + file
                if Self.isImage(path + "/" + inner) {
                    labelled.append((inner, name))
                } else {
                    others.append(inner)
                }
            }
        }
        guard own.isEmpty || labelled.isEmpty else {
            throw FileError(
                path: path, expected: "images, or a subfolder of images for each label",
                found: "both: \(own[0].quoted) and \(labelled[0].0.quoted)")
        }
        images = own.isEmpty ? labelled : own.map { ($0, nil) }
        guard !images.isEmpty else {
            throw FileError(
                path: path, expected: "a folder of PNG or JPEG images",
                found: others.isEmpty
                    ? "an empty folder" : "none among \(others.quotedList(most: 3))")
        }
        notes = Dataset.note("no image", others)
    }

    /// Without hidden files, which systems put into folders.
    private static func names(_ path: String) throws(FileError) -> [String] {
        try namesInFolder(at: path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// By its name or its content.
    private static func isImage(_ path: String) -> Bool {
        guard !Dataset.isFolder(path) else { return false }
        let name = path.lowercased()
        if [".png", ".jpg", ".jpeg"].contains(where: name.hasSuffix) { return true }
        guard let start = try? FileReading.start(of: path, 8) else {
            return false
        }
        return ImageFile.isImage(start)
    }
}
