import Autograd
import FileSupport
import Testing

@testable import Datasets

@Suite struct ImageFileTests {
    @Test func readsByContent() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/picture.dat"
            try AtomicFile.write(PNGTests.colour, to: path)
            let tensor = try ImageFile.read(path)
            #expect(tensor.shape == [3, 3, 4])
            #expect(
                tensor.elements(as: UInt8.self)
                    == (0..<3).flatMap { channel in
                        (0..<12).map { PNGTests.colours[3 * $0 + channel] }
                    })
            try AtomicFile.write(JPEGTests.grey, to: path)
            #expect(try ImageFile.read(path).shape == [1, 13, 19])
            try AtomicFile.write(GzipTests.coded, to: path)
            expectError(path, "a PNG or JPEG file", "something else") { try ImageFile.read(path) }
        }
    }
}
