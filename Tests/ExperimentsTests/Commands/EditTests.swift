import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// Attributes that are given to samples.
@Suite struct EditTests {
    /// Squares on a ground, in a folder with a subfolder for each kind, and a table: in colour, bright
    /// squares are `lit`, and each image has a number.
    private static func makeImages(in folder: TestFolder, channels: Int) throws {
        var rows = ["name,tone,lit,always,seen"]
        for kind in ["large", "small"] {
            let path = folder.path("images/\(kind)")
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            for index in 0..<10 {
                let (width, tone) = (kind == "large" ? 6 : 2, UInt8(25 * index))
                let pixels = (0..<64).flatMap { place -> [UInt8] in
                    let isInside = place % 8 < width && place / 8 < width
                    let grey = isInside ? 30 + 9 * UInt8(index) : tone / 4
                    return channels == 1 ? [grey] : [grey, 0, grey / 2]
                }
                try PNG.write(
                    PNG.Image(width: 8, height: 8, channels: channels, pixels: pixels),
                    to: "\(path)/\(index).png")
                rows.append("\(kind)\(index),\(tone),\(index > 4 ? "yes" : "no"),1,")
            }
        }
        try folder.write(rows.joined(separator: "\n") + "\n", to: "known.csv")
    }

    /// A run on such images, made once for each number of channels.
    private static let made: [Int: TestFolder] = {
        var made: [Int: TestFolder] = [:]
        for channels in [1, 3] {
            let folder = TestFolder()
            try! makeImages(in: folder, channels: channels)
            let outcome = try! tapestry(
                "train", "vae", "--data", "images", "--epochs", "3", "--latent-size", "4",
                "--output", "run", "--quiet", in: folder)
            precondition(outcome.status == 0, outcome.error)
            made[channels] = folder
        }
        return made
    }()

    private func copy(_ channels: Int = 1) throws -> TestFolder {
        let (folder, made) = (TestFolder(), try #require(Self.made[channels]))
        for name in ["run", "images", "known.csv"] { try folder.copy(name, from: made) }
        // The run knows the images by their path in the other folder.
        return folder
    }

    private func edit(_ words: String..., in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(["edit", "run", "--quiet"] + words, in: folder).outcome()
    }

    @Test func labelsAndColumnsAreAttributes() throws {
        let folder = try copy()
        let outcome = try edit(
            "--attribute", "large,lit=yes,tone", "--by", "-1,0,1,2", "--attributes", "known.csv",
            "--image", "images/small/7.png", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("large: ") && outcome.output.contains("run/edit.png"))
        // The image and four strengths, by three attributes.
        let picture = try PNG.read(folder.path("run/edit.png"))
        #expect(picture.width == 5 * 68 + 4 && picture.height == 3 * 68 + 4)
        let table = try CSV.Table(contentsOf: folder.path("run/edit.csv"))
        #expect(table.rows.map { $0[0] } == ["large", "lit=yes", "tone"])
        for row in table.rows { #expect(Int(row[1])! + Int(row[2])! == 18) }
        #expect(Double(table[0, 4])! > 0.999 && table[0, 5] == table[1, 4])
        // Without strengths: the sample, as it is decoded, and once with the attribute.
        #expect(try edit("--attribute", "small", "--sample", "2", in: folder).status == 0)
        #expect(try PNG.read(folder.path("run/edit.png")).width == 3 * 68 + 4)
        let compared = try edit(
            "--attribute", "yes", "--against", "small", "--orthogonal-to", "tone",
            "--attributes", "known.csv", in: folder)
        #expect(compared.status == 0, "\(compared.error)")
    }

    @Test func attributesThatCannotBeAreOneLine() throws {
        let folder = try copy()
        func fails(_ words: String..., part: String, status: Int32 = 1) throws {
            let outcome = try ProgramProcess(
                ["edit", "run", "--quiet"] + words, in: folder
            ).outcome()
            expectFailure(outcome, part, status: status)
        }
        try fails(part: "--attribute NAME is missing", status: 2)
        try fails("--attribute", "larg", part: "did you mean \"large\"", status: 2)
        try fails("--attribute", "glasses", part: "expected large, small", status: 2)
        try fails("--attribute", "small,,large", part: "different names", status: 2)
        try fails("--attribute", "small", "--by", "1,x", part: "at most 30 numbers", status: 2)
        try fails("--attribute", "small", "--sample", "9", part: "from 1 to 2", status: 2)
        try fails(
            "--attribute", "small", "--orthogonal-to", "small", part: "what is to be given",
            status: 2)
        try fails(
            "--attribute", "small", "--orthogonal-to", "large", part: "the same direction of codes")
        let table = ["--attributes", "known.csv"]
        for (name, part) in [
            ("always", "others without it, found none that has it"),
            ("always=1", "found none without it"),
        ] {
            expectFailure(
                try ProgramProcess(
                    ["edit", "run", "--quiet", "--attribute", name] + table, in: folder
                ).outcome(), part)
        }
        try fails(
            "--attribute", "lit=maybe", "--attributes", "known.csv", part: "unknown value of lit",
            status: 2)
        try folder.write("lit\nyes\nno\n", to: "few.csv")
        try fails(
            "--attribute", "lit=yes", "--attributes", "few.csv",
            part: "a row for each of 20 samples of")
        try fails("--attribute", "small", "--attributes", "no.csv", part: "no.csv")
        try fails(
            "--attribute", "small", "--attributes", "known.csv", "--output", "known.png",
            part: "known.csv", status: 2)
        #expect(!folder.exists("run/edit.png") && !folder.exists("known.png"))
    }

    @Test func imagesHaveTheColoursOfTheModel() throws {
        let (grey, colour) = (try copy(1), try copy(3))
        func edit(_ image: String, in folder: TestFolder) throws -> ProgramOutcome {
            try self.edit("--attribute", "small", "--image", image, in: folder)
        }
        try FileManager.default.copyItem(
            atPath: colour.path("images/large/9.png"), toPath: grey.path("colour.png"))
        try FileManager.default.copyItem(
            atPath: grey.path("images/large/9.png"), toPath: colour.path("grey.png"))
        expectFailure(
            try edit("colour.png", in: grey), "expected a grey image", "found a colour image")
        expectFailure(
            try edit("grey.png", in: colour), "expected a colour image", "found a grey image",
            "--image-channels 1")
        #expect(try edit("images/large/9.png", in: colour).status == 0)
    }

    @Test func otherModelsAndDataAreOneLine() throws {
        let folder = TestFolder()
        let training = try tapestry(
            "train", "conditional-vae", "--data", "digits8x8", "--epochs", "1", "--latent-size",
            "2", "--hidden-sizes", "8", "--output", "run", "--quiet", in: folder)
        #expect(training.status == 0, "\(training.error)")
        // A decoder that has to be told a class: the line says what to use instead.
        for words in [["edit", "run", "--attribute", "7"], ["morph", "run", "1", "2"]] {
            expectFailure(
                try ProgramProcess(words + ["--quiet"], in: folder).outcome(),
                "as \(words[0]) requires", "it supports evaluate", "transfer")
        }
        let plain = try TrainedFixture.copy()
        try NPY.write(Tensor(repeating: 0.5, shape: [3, 8, 8]), to: plain.path("no.npy"))
        expectFailure(
            try tapestry(
                "edit", "run", "--attribute", "x", "--data", "no.npy", "--quiet", in: plain),
            "samples with labels, or a table of their attributes")
    }
}
