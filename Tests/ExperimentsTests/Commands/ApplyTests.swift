import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// Models that make pictures of pictures: trained a little, once, and applied.
@Suite struct ApplyTests {
    /// Runs on noise of 12 × 12 pixels: `colourise`, `superresolve` (colour), `denoise` (grey) and
    /// an autoencoder.
    static let runs: TestFolder = {
        let folder = TestFolder()
        func write(_ name: String, _ shape: [Int]) throws {
            var generator = RandomGenerator(seed: 5)
            let pixels = (255 * generator.uniform([20] + shape)).cast(to: .uint8)
            try NPY.write(pixels, to: folder.path(name))
        }
        try! write("colour.npy", [3, 12, 12])
        try! write("grey.npy", [12, 12])
        for (recipe, data) in [
            ("colourise", "colour.npy"), ("superresolve", "colour.npy"), ("dncnn", "grey.npy"),
            ("autoencoder", "grey.npy"),
        ] {
            let outcome = try! tapestry(
                "train", recipe, "--data", data, "--epochs", "6", "--learning-rate", "0.02",
                "--output", recipe, "--quiet",
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        return folder
    }()

    private let folder = TestFolder()

    /// A picture of random pixels.
    private func write(_ name: String, width: Int, height: Int, channels: Int) throws -> PNG.Image {
        var generator = RandomGenerator(seed: 6)
        let pixels = (255 * generator.uniform([width * height * channels])).cast(to: .uint8)
        let image = PNG.Image(
            width: width, height: height, channels: channels,
            pixels: pixels.elements(as: UInt8.self))
        try PNG.write(image, to: folder.path(name))
        return image
    }

    @Test(arguments: [
        ("colourise", 1, 31, 17, 3, 1), ("superresolve", 3, 9, 14, 3, 2),
        ("superresolve", 1, 300, 5, 3, 2), ("dncnn", 1, 1, 8, 1, 1),
    ])
    func picturesOfAnySize(
        recipe: String, channels: Int, width: Int, height: Int, resultChannels: Int, factor: Int
    ) throws {
        let image = try write("in.png", width: width, height: height, channels: channels)
        let outcome = try tapestry(
            "apply", Self.runs.path(recipe), "in.png", "--output", "out.png", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output == "out.png\nout.html\n")
        let result = try PNG.read(folder.path("out.png"))
        #expect((result.width, result.height) == (factor * width, factor * height))
        #expect(result.channels == resultChannels)
        #expect(result.pixels != image.pixels)
    }

    /// A grey picture that is stored in colour is grey.
    @Test func greyIsSeenWhereItIs() throws {
        let grey = try write("grey.png", width: 8, height: 7, channels: 1)
        let stored = PNG.Image(
            width: 8, height: 7, channels: 3, pixels: grey.pixels.flatMap { [$0, $0, $0] })
        try PNG.write(stored, to: folder.path("stored.png"))
        for name in ["grey", "stored"] {
            let outcome = try tapestry(
                "apply", Self.runs.path("dncnn"), "\(name).png", "--output", "\(name)-out.png",
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        #expect(try folder.bytes("grey-out.png") == folder.bytes("stored-out.png"))
    }

    @Test func theResultIsNamedAfterPictureAndRecipe() throws {
        _ = try write("my photo.png", width: 5, height: 5, channels: 1)
        let copy = TestFolder()
        try copy.copy("dncnn", from: Self.runs)
        let outcome = try tapestry(
            "apply", copy.path("dncnn"), folder.path("my photo.png"), in: folder)
        let result = copy.path("dncnn/my photo-dncnn")
        #expect(outcome.output == "\(result).png\n\(result).html\n")
        #expect(copy.exists("dncnn/my photo-dncnn.png"))
    }

    /// What goes in and what comes out, to the byte, with what else enlarges a picture.
    @Test func thePageShowsBeforeAndAfter() throws {
        func shown(_ words: String...) throws -> [PNG.Image] {
            let outcome = try ProgramProcess(["apply"] + words, in: folder).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
            let page = try folder.text("out.html")
            return try page.matches(of: /data:image\/png;base64,([^"]+)"/).map { match in
                let data = try #require(Data(base64Encoded: String(match.1)))
                try data.write(to: URL(fileURLWithPath: folder.path("shown.png")))
                return try PNG.read(folder.path("shown.png"))
            }
        }
        let noisy = try write("noisy.png", width: 8, height: 6, channels: 1)
        let two = try shown(Self.runs.path("dncnn"), "noisy.png", "--output", "out.png")
        #expect(try two == [noisy, PNG.read(folder.path("out.png"))])

        let small = try write("small.png", width: 9, height: 7, channels: 3)
        let three = try shown(Self.runs.path("superresolve"), "small.png", "--output", "out.png")
        #expect(try three.dropFirst() == [PNG.read(folder.path("out.png")), small])
        #expect((three[0].width, three[0].height) == (18, 14) && three[0] != three[1])
        let page = try folder.text("out.html")
        for words in ["9 × 7", "18 × 14", "<h2>Bicubic interpolation</h2>", "superresolve"] {
            #expect(page.contains(words), "\(words)")
        }

        // What is large is shown in small, with a detail.
        let wide = try write("wide.png", width: 700, height: 4, channels: 3)
        let six = try shown(Self.runs.path("superresolve"), "wide.png", "--output", "out.png")
        #expect(six.map(\.width) == [1024, 1024, 320, 320, wide.width, 160])
        #expect(six.map(\.height) == [5, 5, 8, 8, 4, 4])
    }

    @Test func whatIsNoPictureForTheModelIsRefused() throws {
        _ = try write("colour.png", width: 6, height: 6, channels: 3)
        try folder.write("no picture", to: "text.png")
        for (recipe, picture, message) in [
            ("dncnn", "colour.png", "expected a grey image, as the run's recipe dncnn"),
            ("colourise", "colour.png", "expected a grey image"),
            ("dncnn", "text.png", "expected a PNG or JPEG file, found something else"),
            ("dncnn", "none.png", "none.png: expected a readable file"),
            ("nothing", "colour.png", "nothing: expected the folder of a run"),
        ] {
            let outcome = try tapestry("apply", Self.runs.path(recipe), picture, in: folder)
            #expect(outcome.status == 1)
            #expect(outcome.complaints.count == 1)
            #expect(outcome.error.contains(message), "\(outcome.error)")
        }
        let unfit = try tapestry(
            "apply", Self.runs.path("autoencoder"), "colour.png", in: folder)
        #expect(unfit.status == 1)
        #expect(unfit.error.contains("which process images of any size, found a run of the recipe"))
        let alone = try tapestry("apply", Self.runs.path("dncnn"), in: folder)
        #expect(alone.status == 2 && alone.error.contains("IMAGE is missing"))
    }

    /// The quality of pictures is told wherever metrics are, and pictures stand in three rows.
    @Test func runsTellHowGoodPicturesAre() throws {
        let run = Self.runs.path("superresolve")
        let evaluation = try tapestry("evaluate", run, in: folder)
        for words in ["Peak signal-to-noise ratio (dB)", "Structural similarity before"] {
            #expect(evaluation.output.contains(words))
            #expect(try Self.runs.text("superresolve/report.html").contains(words))
        }
        #expect(try Self.runs.text("superresolve/summary.json").contains(#""psnrBefore""#))
        let page = try Self.runs.text("superresolve/report.html")
        #expect(page.contains("Restored images") && page.contains("for images of any size"))
        #expect(!page.contains("Latent space") && !page.contains("Samples"))
        // Tiles of 12 pixels, each drawn as 5 × 5, in three groups of three rows.
        let picture = try PNG.read(Self.runs.path("superresolve/reconstructions.png"))
        #expect(picture.height == 9 * 64 + 4 + 2 * 8)
    }

    @Test(arguments: [
        "sample", "interpolate", "manifold", "embed", "spectrum", "map", "probe", "finetune",
        "surroundings", "planes",
    ])
    func picturesAreNoCodes(command: String) throws {
        let outcome = try tapestry(command, Self.runs.path("colourise"), in: folder)
        #expect(outcome.status == 1 && outcome.complaints.count == 1)
        #expect(outcome.error.contains(": expected a model with "))
        #expect(
            outcome.error.hasSuffix(
                ", as \(command) requires, found one of the recipe colourise, which has none: it "
                    + "supports evaluate, reconstruct, apply\n"))
    }
}
