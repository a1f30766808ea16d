import Autograd
import Datasets
import FileSupport
import Foundation
import TestSupport
import Testing

/// Folders of images as data sets.
@Suite struct ImageFolderTests {
    /// An image whose pixels are made by their place: row, column and channel.
    private func write(
        _ path: URL, _ size: Size2D, channels: Int = 1, _ pixel: (Int, Int, Int) -> UInt8
    ) throws {
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        var pixels: [UInt8] = []
        for row in 0..<size.height {
            for column in 0..<size.width {
                pixels += (0..<channels).map { pixel(row, column, $0) }
            }
        }
        try PNG.write(
            PNG.Image(width: size.width, height: size.height, channels: channels, pixels: pixels),
            to: path.path)
    }

    private func all(_ dataset: Dataset) -> Tensor { dataset.training.inputs }

    private let whole = DataSplit(testShare: 0)

    @Test func subfoldersAreLabels() throws {
        try withTemporaryDirectory { folder in
            for (index, name) in ["cat/a.png", "cat/b.png", "dog/a.png", "ape/z.PNG"].enumerated() {
                try write(folder.appending(path: name), Size2D(height: 5, width: 7)) {
                    row, column, _ in
                    UInt8(10 * row + column + 100 * (index % 2))
                }
            }
            try Data("hidden".utf8).write(to: folder.appending(path: ".DS_Store"))
            try Data("text".utf8).write(to: folder.appending(path: "cat/notes.txt"))
            let set = try Dataset.images(inFolder: folder.path, splitting: whole)
            #expect(set.classNames == ["ape", "cat", "dog"])
            #expect(set.training.labels?.elements(as: Int32.self) == [0, 1, 1, 2])
            #expect(all(set).shape == [4, 5, 7] && all(set).dataType == .uint8)
            // Images of the same small size stay as they are.
            #expect(all(set)[1][2, 3].scalar == 23 && all(set)[2][2, 3].scalar == 123)
            #expect(
                set.notes == [
                    "4 images, grey, 5 × 7 pixels",
                    #"left out as no image: "cat/notes.txt""#,
                ])
            #expect(try Dataset.named(folder.path).training.count == 3)
        }
    }

    @Test func imagesOfManySizesBecomeEqual() throws {
        try withTemporaryDirectory { folder in
            // Black, white and black thirds, of which the middle stays: beside each other, and one
            // above the other.
            try write(folder.appending(path: "a.png"), Size2D(height: 100, width: 300)) {
                _, column, _ in
                (100..<200).contains(column) ? 255 : 0
            }
            try write(folder.appending(path: "b.png"), Size2D(height: 300, width: 100), channels: 3)
            { row, _, channel in
                (100..<200).contains(row) && channel == 1 ? 200 : 0
            }
            try write(folder.appending(path: "c.png"), Size2D(height: 8, width: 8)) { _, _, _ in 90
            }
            let set = try Dataset.images(inFolder: folder.path, splitting: whole)
            let images = all(set)
            #expect(images.shape == [3, 3, 64, 64] && set.training.labels == nil)
            #expect(images[0].cast(to: .float32).min().scalar == 255)
            #expect(images[1, 1].cast(to: .float32).min().scalar == 200)
            #expect(images[1, 0].cast(to: .float32).max().scalar == 0)
            #expect(abs(images[2].cast(to: .float32) - 90).max().scalar == 0)
            #expect(
                set.notes == [
                    "3 images, in colour, 64 × 64 pixels, cut to their middle and resized from "
                        + "8 × 8 to 300 × 100"
                ])

            let wide = try Dataset.images(
                inFolder: folder.path,
                ImageFitting(size: Size2D(height: 2, width: 6), channels: 1), splitting: whole)
            #expect(all(wide).shape == [3, 2, 6])
            #expect(
                all(wide)[0].elements(as: UInt8.self) == [
                    0, 0, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0,
                ])
            // Green in grey.
            #expect(all(wide)[1][0, 0].scalar == 117)
        }
    }

    @Test func whatCannotBeReadIsNamedOrSkipped() throws {
        try withTemporaryDirectory { folder in
            for name in ["a.png", "b.png", "c.png"] {
                try write(folder.appending(path: name), Size2D(4)) { _, _, _ in 7 }
            }
            let bytes = try Data(contentsOf: folder.appending(path: "b.png"))
            try bytes.prefix(bytes.count - 20).write(to: folder.appending(path: "b.png"))
            let refusal = #expect(throws: FileError.self) {
                try Dataset.images(inFolder: folder.path)
            }
            #expect(refusal?.path.hasSuffix("/b.png") == true)
            let set = try Dataset.images(
                inFolder: folder.path, ImageFitting(skipsDamaged: true), splitting: whole)
            #expect(set.training.count == 2)
            #expect(
                set.notes.count == 2
                    && set.notes[1].hasPrefix("left out as damaged: \"b.png"))
        }
    }

    @Test func foldersThatAreNoDataSets() throws {
        try withTemporaryDirectory { folder in
            func refusal() -> String {
                let error = #expect(throws: FileError.self) {
                    try Dataset.images(inFolder: folder.path)
                }
                return error.map { "\($0)" } ?? ""
            }
            #expect(
                refusal().contains("expected a folder of PNG or JPEG images, found an empty folder")
            )
            try Data("text".utf8).write(to: folder.appending(path: "notes.txt"))
            #expect(refusal().contains(#"found none among "notes.txt""#))
            try write(folder.appending(path: "a.png"), Size2D(4)) { _, _, _ in 7 }
            try write(folder.appending(path: "cat/b.png"), Size2D(4)) { _, _, _ in 7 }
            #expect(refusal().contains(#"found both: "a.png" and "cat/b.png""#))
        }
    }
}
