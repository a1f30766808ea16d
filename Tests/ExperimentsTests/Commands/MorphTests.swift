import Datasets
import Foundation
import Testing

@testable import Experiments

/// One sample turned into another, and images from files.
@Suite struct MorphTests {
    /// A test sample of the fixture's data as a file.
    private func write(_ number: Int, to name: String, in folder: TestFolder) throws {
        let pixels = try Dataset.named("digits8x8").test.inputs[number - 1]
        try PNG.write(
            PNG.Image(
                width: 8, height: 8, channels: 1, pixels: pixels.elements(as: UInt8.self)),
            to: folder.path(name))
    }

    private func morph(_ words: String..., in folder: TestFolder) throws -> [UInt8] {
        try morph(words, in: folder)
    }

    private func morph(_ words: [String], in folder: TestFolder) throws -> [UInt8] {
        let outcome = try ProgramProcess(
            ["morph", "run"] + words + ["--quiet", "--output", "way.png"], in: folder
        ).outcome()
        #expect(outcome.status == 0 && outcome.output == "way.png\n", "\(outcome.error)")
        return try folder.bytes("way.png")
    }

    /// The data of each frame, in the order of the file.
    private func frames(_ bytes: [UInt8]) -> [[UInt8]] {
        var (position, frames) = (8, [[UInt8]]())
        while position < bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
            let content = bytes[position + 8..<position + 8 + length]
            if type == "IDAT" { frames.append(Array(content)) }
            if type == "fdAT" { frames.append(Array(content.dropFirst(4))) }
            position += 12 + length
        }
        return frames
    }

    @Test func oneSampleBecomesTheOther() throws {
        let folder = try TrainedFixture.copy()
        let there = try morph("3", "5", "--frames", "4", in: folder)
        let first = try PNG.read(folder.path("way.png"))
        #expect(first.width == 256 && first.height == 256)
        let back = try morph("5", "3", "--frames", "4", in: folder)
        #expect(frames(there).count == 4 && Set(frames(there)).count == 4)
        #expect(frames(there) == frames(back).reversed())
        #expect(Set(frames(try morph("3", "3", "--frames", "4", in: folder))).count == 1)
        // Arcs have the same ends, and, unless both lie in the same direction, another way.
        let ways = try (4...7).map { end in
            let words = ["3", "\(end)", "--frames", "4"]
            return try [[], ["--spherical"]].map { frames(try morph(words + $0, in: folder)) }
        }
        #expect(ways.allSatisfy { $0[0][0] == $0[1][0] && $0[0][3] == $0[1][3] })
        #expect(ways.contains { $0[0][1] != $0[1][1] })
    }

    @Test func anImageOfAFileIsASample() throws {
        let folder = try TrainedFixture.copy()
        try write(3, to: "three.png", in: folder)
        let byNumber = try morph("3", "5", "--frames", "3", in: folder)
        #expect(try morph("three.png", "5", "--frames", "3", in: folder) == byNumber)
        // Colours that are greys are grey, and larger images are resized.
        let grey = try PNG.read(folder.path("three.png"))
        try PNG.write(
            PNG.Image(
                width: 16, height: 16, channels: 3,
                pixels: (0..<768).map { grey.pixels[$0 / 96 * 8 + $0 % 48 / 6] }),
            to: folder.path("large.png"))
        #expect(try morph("large.png", "5", "--frames", "3", in: folder) == byNumber)
    }

    @Test func interpolationsMayBeSpherical() throws {
        let folder = try TrainedFixture.copy()
        for (words, name) in [([], "straight"), (["--spherical"], "arcs")] {
            let outcome = try ProgramProcess(
                ["interpolate", "run", "--quiet", "--output", "\(name).png"] + words, in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        #expect(try folder.bytes("straight.png") != folder.bytes("arcs.png"))
    }

    @Test func whatCannotBeIsOneLine() throws {
        let folder = try TrainedFixture.copy()
        func fails(_ words: String..., part: String, status: Int32 = 1) throws {
            expectFailure(
                try ProgramProcess(["morph", "run"] + words + ["--quiet"], in: folder).outcome(),
                part, status: status)
        }
        try fails("1", part: "B is missing", status: 2)
        try fails("0", "1", part: "A 0: expected a test sample from 1 to", status: 2)
        try fails("1", "2", "--frames", "1", part: "from 2 to 1000", status: 2)
        try fails("1", "no.png", part: "no.png")
        try folder.write("no image", to: "text.png")
        try fails("1", "text.png", part: "text.png: expected a PNG or JPEG file")
        try PNG.write(
            PNG.Image(width: 1, height: 1, channels: 3, pixels: [1, 2, 3]),
            to: folder.path("colour.png"))
        try fails(
            "1", "colour.png",
            part: "expected a grey image, as the model was trained on, found a colour image")
        try write(1, to: "own.png", in: folder)
        try fails("own.png", "2", "--output", "own.png", part: "own.png", status: 2)
        #expect(!folder.exists("run/morph.png"))
    }
}
