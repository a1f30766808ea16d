import Foundation
import TestSupport
import Testing

@testable import Datasets

@Suite struct AnimatedPNGTests {
    private func image(_ seed: UInt8, channels: Int) -> PNG.Image {
        let count = 5 * 4 * channels
        return PNG.Image(
            width: 5, height: 4, channels: channels,
            pixels: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) &+ seed })
    }

    /// The chunks of a file, taken apart by the specification and not by the reader of PNG.
    private func chunks(_ bytes: [UInt8]) -> [(type: String, content: [UInt8])] {
        var (position, chunks) = (8, [(String, [UInt8])]())
        while position < bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
            chunks.append((type, Array(bytes[position + 8..<position + 8 + length])))
            position += 12 + length
        }
        return chunks
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    @Test(arguments: [1, 3]) func framesComeBack(channels: Int) throws {
        let frames = [(0, 0.5), (40, 0.04), (99, 65)].map { seed, duration in
            AnimatedPNG.Frame(image(seed, channels: channels), duration: duration)
        }
        let bytes = AnimatedPNG(frames).encode()
        // Who knows nothing of animations sees the first image.
        #expect(try PNG.decode(bytes, path: "") == frames[0].image)

        let chunks = chunks(bytes)
        #expect(
            chunks.map(\.type) == [
                "IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND",
            ])
        #expect(chunks[1].content == [0, 0, 0, 3, 0, 0, 0, 0])
        let numbered = chunks.filter { ["fcTL", "fdAT"].contains($0.type) }
        #expect(numbered.map { number($0.content[0..<4]) } == [0, 1, 2, 3, 4])
        let controls = chunks.filter { $0.type == "fcTL" }.map(\.content)
        for (control, duration) in zip(controls, [500, 40, 65_000]) {
            #expect(control.count == 26)
            #expect([4, 8, 12, 16].map { number(control[$0..<$0 + 4]) } == [5, 4, 0, 0])
            #expect(number(control[20..<22]) == duration && number(control[22..<24]) == 1000)
            #expect(control[24...] == [0, 0])
        }
        // Each further frame, as a file of its own, is its image.
        for (chunk, frame) in zip(chunks.filter { $0.type == "fdAT" }, frames.dropFirst()) {
            let alone =
                PNG.signature + PNG.chunk("IHDR", chunks[0].content)
                + PNG.chunk("IDAT", Array(chunk.content.dropFirst(4))) + PNG.chunk("IEND", [])
            #expect(try PNG.decode(alone, path: "") == frame.image)
        }
    }

    @Test func unequalFramesTrap() async {
        await #expect(processExitsWith: .failure) { _ = AnimatedPNG([]) }
        await #expect(processExitsWith: .failure) {
            let images = [2, 3].map {
                PNG.Image(
                    width: $0, height: 1, channels: 1, pixels: [UInt8](repeating: 0, count: $0))
            }
            _ = AnimatedPNG(images.map { AnimatedPNG.Frame($0, duration: 1) })
        }
        await #expect(processExitsWith: .failure) {
            let image = PNG.Image(width: 1, height: 1, channels: 1, pixels: [0])
            _ = AnimatedPNG.Frame(image, duration: .nan)
        }
    }
}
