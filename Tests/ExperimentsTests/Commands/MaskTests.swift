import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// Masks that come with images.
@Suite struct MaskTests {
    /// Twelve images with a square each, and masks of the squares, in folders and in files.
    private func made() throws -> TestFolder {
        let folder = TestFolder()
        for name in ["faces", "masks"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
        }
        for index in 0..<12 {
            func image(_ inside: UInt8, _ outside: UInt8) -> PNG.Image {
                let pixels = (0..<256).map { place in
                    let (row, column) = (place / 16, place % 16)
                    return 2..<10 ~= row && index..<index + 4 ~= column ? inside : outside
                }
                return PNG.Image(width: 16, height: 16, channels: 1, pixels: pixels)
            }
            try PNG.write(image(200, UInt8(10 * index)), to: folder.path("faces/\(10 + index).png"))
            try PNG.write(image(255, 0), to: folder.path("masks/\(10 + index).png"))
        }
        return folder
    }

    private func train(_ words: String..., in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(
            [
                "train", "face-vae", "--data", "faces", "--epochs", "1", "--hidden-sizes", "4,4",
                "--output", "run", "--quiet",
            ] + words, in: folder
        ).outcome()
    }

    /// Each image keeps its own mask when images are split, whichever way masks are given.
    @Test func masksStayWithTheirImages() throws {
        let folder = try made()
        let images = try Dataset.images(inFolder: folder.path("faces"))
        let masked = try images.masked(by: folder.path("masks"))
        #expect(masked.test.count > 0 && masked.training.count + masked.test.count == 12)
        for part in [masked.training, masked.test] {
            let regions = try #require(part.regions)
            #expect(regions == (part.inputs.cast(to: .float32) .> 150).cast(to: .uint8))
            let batch: Batch = part[[0]].batch(at: [0], as: .float64)
            #expect(batch.region == regions[0..<1].cast(to: .float64))
            #expect(batch[0..<1].region == batch.region)
        }
        let all = stacked(
            try (10..<22).map { try ImageFile.read(folder.path("masks/\($0).png"))[0] })
        try NPY.write((all.cast(to: .float32) / 255), to: folder.path("masks.npy"))
        let filed = try images.masked(by: folder.path("masks.npy"))
        #expect(filed.training.regions == masked.training.regions)
        #expect(filed.test.regions == masked.test.regions)
    }

    @Test func aRunLearnsMasks() throws {
        let folder = try made()
        let training = try train("--masks", "masks", in: folder)
        #expect(training.status == 0, "\(training.error)")
        let result = try object(tapestry("evaluate", "run", "--json", "--quiet", in: folder))
        let metrics = try #require(result["metrics"] as? [String: Any])
        #expect(0...1 ~= (try #require(metrics["maskOverlap"] as? Double)))
        #expect(try folder.text("run/report.html").contains("--masks"))
        let edited = try tapestry(
            "surroundings", "run", "--image", "faces/10.png", "--quiet", in: folder)
        #expect(edited.status == 0, "\(edited.error)")
        let refused = try tapestry(
            "reconstruct", "run", "--output", "masks/new.png", "--quiet", in: folder)
        #expect(refused.status == 2 && refused.error.contains("nothing must be added"))
    }

    @Test func masksThatDoNotFitAreOneLine() throws {
        let folder = try made()
        func fails(_ words: String..., part: String, status: Int32 = 1) throws {
            expectFailure(
                try ProgramProcess(
                    ["train", "face-vae", "--data", "faces", "--output", "run", "--quiet"] + words,
                    in: folder
                ).outcome(), part, status: status)
        }
        try NPY.write(Tensor.zeros([12, 8, 8]), to: folder.path("small.npy"))
        try fails(
            "--masks", "small.npy", part: "expected masks of the images' size, [n, 16, 16], found")
        try NPY.write(Tensor.zeros([11, 16, 16]), to: folder.path("few.npy"))
        try fails("--masks", "few.npy", part: "a mask for each of 12 samples")
        try fails("--masks", "no.npy", part: "no.npy")
        try fails("--masks", "masks", "--turn", "uniform:10", part: "--turn", status: 2)
        try PNG.write(
            PNG.Image(width: 8, height: 16, channels: 1, pixels: [UInt8](repeating: 0, count: 128)),
            to: folder.path("masks/15.png"))
        try fails(
            "--masks", "masks", part: "masks/15.png: expected a mask of 16 × 16 pixels")
        try FileManager.default.removeItem(atPath: folder.path("masks/15.png"))
        try fails("--masks", "masks", part: "found none for \"15\"")
        let other = try tapestry(
            "train", "vae", "--data", "faces", "--masks", "masks", "--quiet", in: folder)
        expectFailure(other, "vae learns no masks; face-vae does", status: 2)
        let named = try tapestry(
            "train", "face-vae", "--data", "digits8x8", "--hidden-sizes", "4", "--masks",
            "few.npy", "--quiet", in: folder)
        #expect(named.status == 1 && named.complaints.count == 1)
        #expect(!folder.exists("run"))
    }
}
