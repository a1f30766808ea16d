import Datasets
import Foundation
import Testing

/// Runs on folders of images.
@Suite struct ImageFolderCommandTests {
    /// Bars that stand or lie, in a subfolder for each kind.
    private func makeImages(in folder: TestFolder, _ name: String, side: Int) throws {
        for (kind, isUpright) in [("standing", true), ("lying", false)] {
            let path = folder.path("\(name)/\(kind)")
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            for index in 0..<10 {
                let pixels = (0..<side * side).map { place -> UInt8 in
                    (isUpright ? place % side : place / side) % 5 == index % 5 ? 255 : 0
                }
                try PNG.write(
                    PNG.Image(width: side, height: side, channels: 1, pixels: pixels),
                    to: "\(path)/\(index).png")
            }
        }
    }

    @Test func aFolderIsADataSet() throws {
        let folder = TestFolder()
        try makeImages(in: folder, "photos", side: 20)
        try makeImages(in: folder, "others", side: 33)
        let training = try tapestry(
            "train", "autoencoder", "--data", "photos", "--image-size", "10x12", "--latent-size",
            "2", "--hidden-sizes", "8", "--epochs", "1", "--output", "run", in: folder)
        #expect(training.status == 0, "\(training.error)")
        #expect(
            training.error.contains(
                "20 images, grey, 10 × 12 pixels, cut to their middle and resized from 20 × 20"))
        let page = try folder.text("run/report.html")
        #expect(page.contains("--image-size 10x12") && page.contains("photos"))

        // Other images become samples of the run's shape.
        let codes = try tapestry(
            "embed", "run", "--data", "others", "--part", "test", "--output", "codes.csv",
            in: folder)
        #expect(codes.status == 0, "\(codes.error)")
        let table = try CSV.Table(contentsOf: folder.path("codes.csv"))
        #expect(Set(table.rows.compactMap(\.last)) == ["lying", "standing"])
        #expect(table.rows.count == 20)

        // What is written must not end among the images.
        let bytes = try folder.bytes("photos/lying/0.png")
        let refused = try tapestry(
            "reconstruct", "run", "--output", "photos/lying/0.png", in: folder)
        #expect(refused.status == 2 && refused.error.contains("among the images"))
        #expect(try folder.bytes("photos/lying/0.png") == bytes)
        let inside = try tapestry(
            "train", "autoencoder", "--data", "photos", "--output", "photos/run", in: folder)
        #expect(inside.status == 2 && inside.error.contains("among the images"))
        let added = try tapestry(
            "reconstruct", "run", "--output", "photos/lying/new.png", in: folder)
        #expect(added.status == 2 && added.error.contains("nothing must be added"))
    }

    @Test func optionsOfFoldersAreForFolders() throws {
        let folder = TestFolder()
        try makeImages(in: folder, "photos", side: 8)
        for (words, message) in [
            (["--data", "digits8x8", "--image-size", "8"], "--image-size: only for a folder"),
            (["--data", "photos", "--image-size", "0"], "--image-size 0: expected a whole number"),
            (["--data", "photos", "--image-size", "8x8x8"], "--image-size 8x8x8: expected"),
            (["--data", "photos", "--image-channels", "2"], "--image-channels 2: expected 1 or 3"),
            (["--data", "photos", "--damaged-images", "maybe"], "expected refuse or skip"),
            (["--data", "photos", "--label", "kind"], "are the names of its subfolders"),
        ] {
            let outcome = try ProgramProcess(["train", "vae"] + words, in: folder).outcome()
            #expect(outcome.status == 2 && outcome.error.contains(message), "\(outcome.error)")
        }
        try folder.write("broken", to: "photos/lying/0.png")
        let refused = try tapestry("train", "autoencoder", "--data", "photos", in: folder)
        #expect(refused.status == 1 && refused.error.contains("photos/lying/0.png: expected a PNG"))
        #expect(refused.error.hasSuffix("(--damaged-images skip leaves such images out)\n"))
        let left = try tapestry(
            "train", "autoencoder", "--data", "photos", "--damaged-images", "skip", "--epochs", "1",
            "--output", "run", in: folder)
        #expect(left.status == 0 && left.error.contains("left out as damaged: \"lying/0.png"))
    }
}
